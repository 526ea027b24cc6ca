package hgauto.windows;

import static java.nio.charset.StandardCharsets.UTF_8;

import hgauto.aws.Owner;
import hgauto.aws.ensure.Blueprint;
import hgauto.aws.ensure.CheckIp;
import hgauto.aws.ensure.Cidr;
import hgauto.aws.ensure.Ensure;
import hgauto.aws.ensure.Ensured;
import hgauto.aws.image.MachineImage;
import hgauto.aws.lease.LaunchSettings;
import hgauto.aws.lease.LaunchTerms;
import hgauto.aws.lease.LeaseJournal;
import hgauto.aws.lease.Leases;
import hgauto.machine.SshKey;
import hgauto.poll.Poll;
import hgauto.testbed.Hurried;
import hgauto.testbed.aws.AwsProxy;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.ec2.Ec2Client;

/** An account whose Windows machines are played by machines that run Linux. */
abstract class WindowsScene {
  private static final SshKey KEY = SshKey.generate(); // it takes a second

  /** It is waited as on Windows, but less long. */
  static final Poll POLL = new Poll(InstantSource.system(), Hurried::sleep);

  @TempDir private Path folder;
  final AwsProxy aws = new AwsProxy();
  final Ec2Client ec2 = aws.clients().ec2(AwsProxy.REGION);
  final List<String> told = new CopyOnWriteArrayList<>();
  final ByteArrayOutputStream log = new ByteArrayOutputStream();
  private Ensured ensured;
  private Path keys;

  @BeforeEach
  void setUp() throws IOException, InterruptedException {
    aws.withMachines(folder.resolve("machines"));
    keys = Files.createDirectory(folder.resolve("keys"));
    KEY.save(keys);
    ensured =
        new Ensure(aws.account(), POLL, keys, CheckIp.AWS)
            .run(
                new Ensure.Request(
                    Blueprint.WINDOWS,
                    AwsProxy.REGION,
                    Owner.here(),
                    terms(false).sshFrom(),
                    Optional.empty()),
                plan -> {},
                outcome -> {});
  }

  /** Machines that are launched from now on have no profile, so that their agent stays silent. */
  void withoutProfile() {
    ensured = new Ensured(ensured.keyName(), ensured.securityGroupId(), Optional.empty());
  }

  @AfterEach
  void close() {
    aws.close();
  }

  private static LaunchTerms terms(boolean keepOnFailure) {
    return new LaunchTerms(
        Set.of(Cidr.of("203.0.113.7").orElseThrow()),
        Optional.empty(),
        Duration.ofHours(1),
        keepOnFailure);
  }

  /** Launches machines which, with {@code keepOnFailure}, are kept after failures. */
  Ec2WindowsMachines machines(boolean keepOnFailure, Poll poll) {
    Leases leases =
        new Leases(
            aws.account(),
            new LeaseJournal(folder.resolve("leases")),
            "run-1",
            POLL,
            told::add,
            told::add);
    LaunchSettings settings =
        new LaunchSettings(ensured, KEY, SshKey.file(keys), terms(keepOnFailure));
    return new Ec2WindowsMachines(aws.account(), leases, settings, poll, told::add);
  }

  WindowsMachine launch(boolean keepOnFailure, Poll poll) throws InterruptedException {
    return machines(keepOnFailure, poll)
        .launch(
            new Ec2WindowsMachines.Wanted(
                new MachineImage(AwsProxy.WINDOWS, "windows", "/dev/sda1", 30),
                List.of("t3.medium"),
                50));
  }

  WindowsMachine launch() throws InterruptedException {
    return launch(false, POLL);
  }

  /** How all instances are. */
  List<String> states() {
    return ec2.describeInstances().reservations().stream()
        .flatMap(it -> it.instances().stream())
        .map(it -> it.state().nameAsString())
        .toList();
  }

  /** What the machine has printed. */
  String logged() {
    return log.toString(UTF_8);
  }
}
