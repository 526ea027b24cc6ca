package hgauto.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import hgauto.aws.Owner;
import hgauto.aws.ensure.Blueprint;
import hgauto.aws.ensure.CheckIp;
import hgauto.aws.ensure.Cidr;
import hgauto.aws.ensure.Ensure;
import hgauto.aws.ensure.Ensured;
import hgauto.aws.image.ImageSeries;
import hgauto.aws.image.MachineImage;
import hgauto.aws.image.OwnImages;
import hgauto.aws.image.PublicImages;
import hgauto.aws.lease.LaunchSettings;
import hgauto.aws.lease.LaunchTerms;
import hgauto.aws.lease.LeaseJournal;
import hgauto.aws.lease.Leases;
import hgauto.console.Console;
import hgauto.machine.Command;
import hgauto.machine.HostKeys;
import hgauto.machine.SshAddress;
import hgauto.machine.SshKey;
import hgauto.machine.SshMachine;
import hgauto.poll.Poll;
import hgauto.state.StateFolder;
import hgauto.task.BootstrapLinuxDev;
import hgauto.testbed.aws.AwsProxy;
import hgauto.testbed.aws.Fault;
import hgauto.testbed.machine.TestMachine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Images that are really made: the scripts run on a Debian 12 with few packages, and fetch from apt
 * and PyPI; pyenv, the Pythons, Rust and Mercurial's repository are {@link StandIns}, since those
 * would take a quarter of an hour and more of the internet. What is left takes the better part of a
 * minute, so all of it is one story.
 */
class BootstrapOnMachinesTest {
  private static final Duration SHORT = Duration.ofMinutes(1);
  private static final Poll POLL = Poll.real();

  @TempDir private Path folder;
  private final AwsProxy aws = new AwsProxy();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final Console console =
      new Console(new PrintWriter(out), new PrintWriter(err), false, false);
  private StateFolder state;
  private StandIns standIns;
  private BootstrapFiles files;

  @BeforeEach
  void setUp() throws IOException {
    state = new StateFolder(folder.resolve("state"));
    standIns = new StandIns(folder.resolve("standins"));
    files = BootstrapFiles.known().with("pins.conf", standIns.pins());
    aws.withMachines(folder.resolve("machines"));
    aws.changeMachines(spec -> spec.bind(standIns.folder(), StandIns.THERE));
  }

  @AfterEach
  void close() {
    aws.close();
  }

  @Test
  void anImageIsMadeAfterAFailureAndMachinesOfItAreReady() throws Exception {
    Distro debian = small(Distros.known().named("debian12").series());
    BootstrapFiles broken =
        files.with("pins.conf", standIns.pins().replaceAll("rustup_sha256=..", "rustup_sha256=00"));
    assertThat(bootstrap(debian, broken)).as(err.toString()).isEqualTo(1);
    assertThat(out.toString()).contains("debian12: failed", "its script ended with 1");
    assertThat(err.toString())
        .contains("debian12: rust: sha256sum: WARNING: 1 computed checksum did NOT match")
        .contains("debian12: mercurial: ready")
        .contains("debian12: failed: rust");
    TestMachine kept = aws.machine(found("(i-\\w+) \\(hg-linux-dev in us-west-2\\) is kept", err));

    LinuxImages images = new LinuxImages(published(), own(), machines(), files);
    try (SshMachine ssh = connectAsTold()) {
      ByteArrayOutputStream printed = new ByteArrayOutputStream();
      images.clean(ssh, debian, images.bootstrap(ssh, debian, printed), printed);
      assertThat(printed.toString(UTF_8))
          .contains("this distribution does not have: no-such-package")
          .contains("rust: ready")
          .contains("python3.11: Python 3.", "pypy3: Python 3.11 of the test")
          .contains("Mercurial Distributed SCM", "uv 0.");
    }
    hasNothingThatMustNotBeInAnImage(kept);

    String id = found("(i-\\w+) \\(hg-linux-dev in us-west-2\\) is kept", err);
    MachineImage image =
        own().make(id, debian.imageName(), files.fingerprint(debian, LinuxImages.DISK_GIB));
    assertThat(bootstrap(debian, files)).isZero();
    assertThat(out.toString()).contains("debian12: " + image.id()).contains(" was there");
    machinesOfItAreReady(image);

    // Once more, on a machine where all is done already.
    aws.putParameter("/of-the-test", image.id());
    Distro again = small(new ImageSeries("debian13", "1", "-", List.of("/of-the-test")));
    aws.onCall("ec2:CreateImage", Fault.FORBIDDEN);
    err.getBuffer().setLength(0);
    assertThat(bootstrap(again, files)).as(err.toString()).isEqualTo(3);
    assertThat(err.toString()) // no key opens it any more
        .contains("removing what must not be in an image", "is terminated")
        .doesNotContain("is kept", "to connect");
    aws.withoutFaults();
    assertThat(bootstrap(again, files)).as(err.toString()).isZero();
    assertThat(out.toString()).containsPattern("debian13: ami-\\w+ .* made in .*, about \\$0\\.");
  }

  /** With packages that mostly are there. */
  private static Distro small(ImageSeries series) {
    return new Distro(
        series, "admin", List.of("git", "python3-venv", "sudo"), List.of("no-such-package"));
  }

  private int bootstrap(Distro distro, BootstrapFiles with) throws InterruptedException {
    return new BootstrapLinuxDev(console, aws.account(), state, POLL, with)
        .run(new BootstrapLinuxDev.Request(List.of(distro), Optional.empty(), terms()));
  }

  private static LaunchTerms terms() {
    return new LaunchTerms(
        Set.of(Cidr.of("127.0.0.1").orElseThrow()), Optional.empty(), Duration.ofHours(1), true);
  }

  /** With nothing but what a person was told. */
  private SshMachine connectAsTold() throws InterruptedException {
    Matcher told =
        Pattern.compile("echo '(\\S+) (ssh-ed25519 \\S+)' >hg-known-hosts").matcher(err.toString());
    assertThat(told.find()).as(err.toString()).isTrue();
    assertThat(err.toString())
        .contains("ssh -i " + SshKey.file(state.keys()))
        .contains(" admin@" + told.group(1));
    return SshMachine.connect(
        new SshAddress("admin", told.group(1), SshAddress.PORT),
        new HostKeys.Pinned(List.of(told.group(2))),
        SshKey.in(state.keys()).orElseThrow(),
        SHORT);
  }

  private static void hasNothingThatMustNotBeInAnImage(TestMachine machine) throws IOException {
    for (String gone :
        List.of("/home/admin/.ssh", "/home/hg/.ssh", "/root/.ssh", "/var/lib/cloud/instances")) {
      assertThat(machine.path(gone)).doesNotExist();
    }
    assertThat(machine.run("find", "/etc/ssh", "/var/tmp", "-name", "*_key*", "-o", "-name", "hg*"))
        .isEmpty();
    assertThat(machine.path("/etc/machine-id")).isEmptyFile();
    assertThat(machine.run("find", "/var/log", "-type", "f", "-size", "+0")).isEmpty();
  }

  private void machinesOfItAreReady(MachineImage image) throws Exception {
    Workers workers = new Ec2Workers(machines(), image, List.of("c7i.8xlarge"), false, true);
    String name;
    try (Worker worker = workers.open(1)) {
      name = worker.name();
      String told =
          worker
              .ssh()
              .ask(
                  "look around",
                  Command.bash(
                      "look",
                      """
                      set -e
                      id -un; id -gn; sudo -n id -un
                      stat -c '%U:%G %n' /hgdev /hgdev/src
                      /hgdev/venv-bootstrap/bin/hg -R /hgdev/src config phases.publish
                      /hgdev/pyenv/shims/python3.11 -c 'import docutils, pygments, setuptools_scm'
                      rustc --version
                      wc -l <~/.ssh/authorized_keys
                      """,
                      List.of()),
                  SHORT);
      assertThat(told)
          .isEqualTo(
              """
              hg
              hg
              root
              hg:hg /hgdev
              hg:hg /hgdev/src
              false
              rustc 1.0.0 of the test
              1
              """);
      String serial = worker.diskSerial().orElseThrow();
      assertThat(worker.ssh().ask("list disks", Command.of("ls", "/dev/disk/by-id"), SHORT))
          .contains("_" + serial);
      worker.succeeded();
    }
    assertThat(err.toString()).contains("ending " + name);
  }

  private PublicImages published() {
    return new PublicImages(aws.account());
  }

  private OwnImages own() {
    return new OwnImages(aws.account(), Owner.here(), POLL, console::info);
  }

  private Ec2Machines machines() throws InterruptedException {
    Ensured ensured =
        new Ensure(aws.account(), POLL, state.keys(), CheckIp.AWS)
            .run(
                new Ensure.Request(
                    Blueprint.LINUX,
                    AwsProxy.REGION,
                    Owner.here(),
                    terms().sshFrom(),
                    terms().subnetId()),
                plan -> {},
                outcome -> {});
    Leases leases =
        new Leases(
            aws.account(),
            new LeaseJournal(state.leases()),
            "run-1",
            POLL,
            console::info,
            console::info);
    return new Ec2Machines(
        leases,
        new LaunchSettings(
            ensured, SshKey.in(state.keys()).orElseThrow(), SshKey.file(state.keys()), terms()),
        POLL,
        console::info);
  }

  private static String found(String pattern, StringWriter text) {
    Matcher matcher = Pattern.compile(pattern).matcher(text.toString());
    assertThat(matcher.find()).as(text.toString()).isTrue();
    return matcher.group(1);
  }
}
