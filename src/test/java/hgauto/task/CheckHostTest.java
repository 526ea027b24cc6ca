package hgauto.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.gson.Gson;
import hgauto.error.EnvironmentException;
import hgauto.linux.LinuxHostPoint;
import hgauto.machine.SshAddress;
import hgauto.machine.SshKey;
import hgauto.testbed.machine.MachineSpec;
import hgauto.testbed.machine.TestMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checks machines by their real SSH servers: a good one, and one that is wrong in all it can. */
class CheckHostTest {
  @TempDir private static Path shared;
  private static SshKey key;
  private static TestMachine good;

  @TempDir private Path folder;
  private final Spoken spoken = new Spoken();

  @BeforeAll
  static void startTheGoodOne() throws IOException {
    key = SshKey.generate().save(Files.createDirectory(shared.resolve("keys")));
    good = TestMachine.start(MachineSpec.readyFor(key.publicLine()), shared.resolve("good"));
  }

  @AfterAll
  static void endIt() {
    if (good != null) {
      good.close();
    }
  }

  private int check(TestMachine machine, boolean json) throws Exception {
    List<String> lines = new ArrayList<>();
    machine.hostKeys().forEach(line -> lines.add(machine.address() + " " + line));
    return check(machine, lines, shared.resolve("keys"), json);
  }

  private int check(TestMachine machine, List<String> knownHosts, Path keys, boolean json)
      throws Exception {
    Path known = Files.write(folder.resolve("known_hosts"), knownHosts);
    return new CheckHost(spoken.console(json))
        .run(new CheckHost.Request(SshAddress.of("ssh://" + machine.address()), known, keys));
  }

  private static List<String> files(TestMachine machine) {
    return machine.run("sh", "-c", "ls -a / /tmp /hgdev").lines().toList();
  }

  @Test
  void aGoodHostHasAllThatIsRequired() throws Exception {
    List<String> before = files(good);
    assertThat(check(good, false)).as(spoken.out()).isZero();
    assertThat(spoken.out().lines())
        .anyMatch(line -> line.matches("sftp +ok +writes and reads"))
        .anyMatch(line -> line.matches("bootstrap +ok +Mercurial [0-9.+a-f]+, Python 3\\.[0-9.]+"))
        .anyMatch(line -> line.matches("source +ok +tip is [0-9]+:[0-9a-f]{12}"))
        .anyMatch(line -> line.matches("pyenv +ok +python3\\.[0-9]+"))
        .anyMatch(line -> line.matches("disk +ok +/dev/.+"))
        .noneMatch(line -> line.contains("MISSING"))
        .anyMatch(line -> line.contains("can run tests: hgauto run-tests-linux --host ssh://hg@"));
    assertThat(files(good)).isEqualTo(before);
  }

  @Test
  void theDiskOfTheLastRunIsFreeForTheNext() throws Exception {
    good.run(
        "sh",
        "-c",
        "mkfs.ext4 -qL hgwork /dev/nvme1n1 && mkdir /hgwork && mount /dev/nvme1n1 /hgwork"
            + " && echo mounted >/hgwork/.hgauto");
    try {
      assertThat(check(good, false)).as(spoken.out()).isZero();
    } finally {
      good.run("sh", "-c", "umount /hgwork && rmdir /hgwork");
    }
    assertThat(spoken.out().lines())
        .anyMatch(line -> line.matches("disk +ok +/dev/nvme1n1, which the last run has used"))
        .anyMatch(line -> line.matches("hgwork +ok +is there, and will be made anew"));
  }

  @Test
  void aWorkFolderOfSomebodyElseIsTold() throws Exception {
    good.run("sh", "-c", "mkdir /hgwork && touch /hgwork/theirs");
    try {
      assertThat(check(good, false)).as(spoken.out()).isEqualTo(1);
    } finally {
      good.run("rm", "-r", "/hgwork");
    }
    assertThat(spoken.out().lines())
        .anyMatch(line -> line.matches("hgwork +MISSING +.*not of an earlier run.*/hgwork/theirs"));
  }

  @Test
  void aMountOfSomebodyElseIsForTheDefaultOnly() throws Exception {
    good.run("sh", "-c", "mkdir /hgwork && mount -t tmpfs theirs /hgwork");
    try {
      assertThat(check(good, false)).as(spoken.out()).isZero();
    } finally {
      good.run("sh", "-c", "umount /hgwork && rmdir /hgwork");
    }
    assertThat(spoken.out().lines())
        .anyMatch(line -> line.matches("hgwork +ok +.*is empty; for --filesystem default only.*"));
  }

  @Test
  void startUpFilesThatPrintAreTold() throws Exception {
    good.run("sh", "-c", "cp ~hg/.bashrc /root/ && echo echo hello >~hg/.bashrc");
    try {
      assertThat(check(good, false)).as(spoken.out()).isEqualTo(1);
    } finally {
      good.run("sh", "-c", "cp /root/.bashrc ~hg/");
    }
    assertThat(spoken.out().lines())
        .anyMatch(line -> line.matches("shell +MISSING +its start-up files print: hello"))
        .anyMatch(line -> line.matches("sudo +ok +works"));
  }

  @Test
  void aLoginShellThatRunsNothingIsTold() throws Exception {
    good.run("usermod", "--shell", "/bin/false", "hg");
    try {
      assertThat(check(good, false)).as(spoken.out()).isEqualTo(1);
    } finally {
      good.run("usermod", "--shell", "/bin/bash", "hg");
    }
    assertThat(spoken.out().lines())
        .anyMatch(line -> line.matches("shell +MISSING +cannot run a command on .*: exit code 1"))
        .anyMatch(line -> line.contains("usermod --shell /bin/bash hg"));
  }

  @Test
  void withoutSudoTheDiskIsNotSeen() throws Exception {
    good.run("mv", "/etc/sudoers.d/90-hg", "/root/");
    try {
      assertThat(check(good, false)).as(spoken.out()).isEqualTo(1);
    } finally {
      good.run("mv", "/root/90-hg", "/etc/sudoers.d/");
    }
    assertThat(spoken.out().lines())
        .anyMatch(line -> line.matches("disk +optional +sudo: a password is required"));
  }

  @Test
  void asJsonItIsTheSame() throws Exception {
    assertThat(check(good, true)).as(spoken.err()).isZero();
    HostCheckReport report = new Gson().fromJson(spoken.out(), HostCheckReport.class);
    assertThat(report.host()).isEqualTo("ssh://hg@" + good.address());
    assertThat(report.usable()).isTrue();
    assertThat(report.points())
        .extracting(HostCheckReport.Point::id)
        .containsExactlyElementsOf(
            Arrays.stream(LinuxHostPoint.values()).map(LinuxHostPoint::id).toList());
  }

  @Test
  void aHostThatIsWrongInAllItCanBeIsTold() throws Exception {
    MachineSpec spec =
        MachineSpec.readyFor(key.publicLine()).withoutDisk().roomFor(1024).sshdLater();
    try (TestMachine broken = TestMachine.start(spec, folder.resolve("broken"))) {
      broken.run(
          "sh",
          "-c",
          """
          set -e
          sed -i '/^Subsystem/d' /etc/ssh/sshd_config
          usermod --shell /bin/sh --gid users hg
          rm /etc/sudoers.d/90-hg /bin/bash /usr/bin/mountpoint /usr/bin/make /sbin/mkfs.xfs
          rm -r /hgdev/venv-bootstrap /hgdev/pyenv
          touch /hgdev/stray /hgwork
          rm /usr/bin/python3
          """);
      broken.startSshd();
      assertThat(check(broken, true)).as(spoken.err()).isEqualTo(1);
    }
    HostCheckReport report = new Gson().fromJson(spoken.out(), HostCheckReport.class);
    assertThat(report.usable()).isFalse();
    assertThat(report.points())
        .filteredOn(HostCheckReport.Point::holds)
        .extracting(HostCheckReport.Point::id)
        .containsExactly("reachable", "host-key", "login", "shell");
    assertThat(report.points())
        .filteredOn(point -> !point.holds())
        .allSatisfy(
            point -> {
              assertThat(point.detail()).as(point.id()).isNotEmpty().doesNotContain("check-host");
              assertThat(point.mend()).as(point.id()).isNotEmpty();
            });
  }

  /** As far as that comes without the internet. */
  @Test
  void whatItSaysMendsAHost() throws Exception {
    Set<LinuxHostPoint> mended =
        Set.of(
            LinuxHostPoint.USER,
            LinuxHostPoint.SUDO,
            LinuxHostPoint.HGDEV,
            LinuxHostPoint.HGWORK,
            LinuxHostPoint.PUBLISHING);
    MachineSpec spec = MachineSpec.readyFor(key.publicLine());
    try (TestMachine machine = TestMachine.start(spec, folder.resolve("machine"))) {
      machine.run(
          "sh",
          "-c",
          """
          set -e
          usermod --gid users hg
          rm /etc/sudoers.d/90-hg
          touch /hgdev/stray /hgwork
          sed -i '/phases/,$d' /hgdev/src/.hg/hgrc
          """);
      assertThat(check(machine, false)).isEqualTo(1);
      for (LinuxHostPoint point : mended) {
        assertThat(spoken.out()).contains("  " + point.id() + ": " + point.mend() + "\n");
      }
      for (LinuxHostPoint point : LinuxHostPoint.values()) {
        if (mended.contains(point)) {
          String[] parts = point.mend().split("^as |: ", 3);
          machine.run("su", parts[1], "-c", parts[2] + " || true");
        }
      }
      assertThat(check(machine, false)).as(spoken.out()).isZero();
    }
    assertThat(spoken.out().lines()).anyMatch(line -> line.matches("publishing +ok +.*is no"));
  }

  @Test
  void aHostWhoseKeyIsNotKnownIsNotTalkedTo() {
    EnvironmentException e =
        catchThrowableOfType(
            EnvironmentException.class,
            () -> check(good, List.of(), shared.resolve("keys"), false));
    assertThat(e.what()).contains("is not known; nothing was sent");
    assertThat(e.next()).contains("ssh-keyscan").contains(folder.resolve("known_hosts").toString());
  }

  @Test
  void aHostThatDoesNotTakeOurKeyIsToldWithTheLineForIt() throws IOException {
    Path keys = Files.createDirectory(folder.resolve("new-keys"));
    List<String> known = List.of(good.address() + " " + good.hostKeys().get(0));
    EnvironmentException e =
        catchThrowableOfType(EnvironmentException.class, () -> check(good, known, keys, false));
    assertThat(e.next())
        .contains("authorized_keys")
        .contains(SshKey.in(keys).orElseThrow().publicLine());
  }
}
