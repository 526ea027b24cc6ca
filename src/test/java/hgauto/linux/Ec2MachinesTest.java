package hgauto.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import hgauto.aws.ensure.Ensured;
import hgauto.aws.image.MachineImage;
import hgauto.aws.lease.Disk;
import hgauto.aws.lease.Ec2Machine;
import hgauto.aws.lease.LaunchSettings;
import hgauto.aws.lease.LaunchTerms;
import hgauto.aws.lease.LeaseJournal;
import hgauto.aws.lease.Leases;
import hgauto.error.EnvironmentException;
import hgauto.machine.SshKey;
import hgauto.poll.Poll;
import hgauto.testbed.Sleepless;
import hgauto.testbed.aws.AwsProxy;
import hgauto.testbed.machine.MachineSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.InstanceStateName;

class Ec2MachinesTest {
  private static final SshKey KEY = SshKey.generate(); // it takes a second
  private static final Path KEY_FILE = Path.of("/home/ann/.hgautomation/keys/keypair-automation");

  @TempDir private Path folder;
  private final AwsProxy aws = new AwsProxy();
  private final Ec2Client ec2 = aws.clients().ec2(AwsProxy.REGION);
  private final List<String> told = new CopyOnWriteArrayList<>();

  @BeforeEach
  void setUp() {
    aws.withMachines(folder.resolve("machines"));
    ec2.importKeyPair(
        r ->
            r.keyName("hg-automation")
                .publicKeyMaterial(SdkBytes.fromUtf8String(KEY.publicLine())));
  }

  @AfterEach
  void close() {
    aws.close();
  }

  private Ec2Machine launch(boolean keepOnFailure) throws InterruptedException {
    return launch(keepOnFailure, Poll.real());
  }

  private Ec2Machine launch(boolean keepOnFailure, Poll forSsh) throws InterruptedException {
    Leases leases =
        new Leases(
            aws.account(),
            new LeaseJournal(folder.resolve("leases")),
            "run-1",
            Poll.real(),
            told::add,
            told::add);
    String group = ec2.describeSecurityGroups().securityGroups().get(0).groupId();
    LaunchTerms terms =
        new LaunchTerms(Set.of(), Optional.empty(), Duration.ofHours(1), keepOnFailure);
    Ec2Machines machines =
        new Ec2Machines(
            leases,
            new LaunchSettings(
                new Ensured("hg-automation", group, Optional.empty()), KEY, KEY_FILE, terms),
            forSsh,
            told::add);
    return machines.launch(
        new Ec2Machines.Wanted(
            new MachineImage(AwsProxy.DEBIAN, "debian", "/dev/xvda", 8),
            "admin",
            List.of("t3.medium"),
            false,
            List.of(new Disk("/dev/xvda", 8))));
  }

  private List<String> states() {
    return ec2.describeInstances().reservations().stream()
        .flatMap(it -> it.instances().stream())
        .map(it -> it.state().nameAsString())
        .toList();
  }

  @Test
  void closingEndsTheMachine() throws InterruptedException {
    try (Ec2Machine machine = launch(false)) {
      assertThat(machine.ssh().hostKeyLine()).startsWith("ssh-ed25519 ");
      assertThat(states()).containsExactly("running");
    }
    assertThat(states()).containsExactly("terminated");
  }

  @Test
  void onRequestAFailureKeepsItAndSaysHowToConnect() throws InterruptedException {
    Ec2Machine machine = launch(true);
    String hostKey = machine.ssh().hostKeyLine();
    machine.close();
    machine.close();
    assertThat(states()).containsExactly("running");
    String address = machine.ssh().address().host();
    assertThat(told.get(told.size() - 5)).contains(machine + " is kept, and ends itself at ");
    assertThat(told.subList(told.size() - 4, told.size()))
        .containsExactly(
            "to connect:",
            "  echo '" + address + " " + hostKey + "' >hg-known-hosts",
            "  ssh -i "
                + KEY_FILE
                + " -o IdentitiesOnly=yes -o UserKnownHostsFile=hg-known-hosts admin@"
                + address,
            "to end it before that: aws ec2 terminate-instances --region us-west-2 --instance-ids "
                + machine.lease().id());
  }

  @Test
  void oneThatEc2TookBackIsNotKeptAndItIsSaid() throws InterruptedException {
    Ec2Machine machine = launch(true);
    aws.interrupt(machine.lease().id(), 0);
    machine.close();
    assertThat(states()).containsExactly("terminated");
    assertThat(told)
        .contains(
            machine
                + " had ended already: EC2 took it back, as it may with spot instances:"
                + " Server.SpotInstanceTermination: Spot instance termination")
        .noneMatch(line -> line.contains("is kept"));
  }

  @Test
  void thatOneHasEndedIsSaidWhetherItWasToBeKeptOrNot() throws InterruptedException {
    Ec2Machine machine = launch(false);
    aws.interrupt(machine.lease().id(), 0);
    Awaitility.await().until(() -> !machine.ssh().isOpen());
    machine.close();
    assertThat(told).anyMatch(line -> line.startsWith(machine + " had ended already: EC2 took it"));
  }

  @Test
  void oneThatIsThereIsEndedAfterAFailureBeforeAnythingIsAsked() throws InterruptedException {
    Ec2Machine machine = launch(false);
    aws.forgetCalls();
    machine.close();
    assertThat(aws.actions()).startsWith("ec2:TerminateInstances");
  }

  @Test
  void oneThatEndsBeforeItAcceptsSshIsNotWaitedFor() {
    aws.changeMachines(MachineSpec::sshdLater);
    Sleepless clock = new Sleepless();
    Poll poll =
        new Poll(
            clock,
            pause -> {
              ec2.describeInstances().reservations().stream()
                  .flatMap(it -> it.instances().stream())
                  .filter(it -> it.state().name() == InstanceStateName.RUNNING)
                  .forEach(it -> aws.interrupt(it.instanceId(), 0));
              clock.sleep(pause);
            });
    EnvironmentException failure =
        catchThrowableOfType(EnvironmentException.class, () -> launch(true, poll));
    assertThat(failure.what()).endsWith(" in us-west-2 ended before it accepted SSH");
    assertThat(failure.why()).startsWith("EC2 took it back");
    assertThat(failure.next()).contains("--spot");
    assertThat(clock.slept()).isEqualTo(Duration.ofSeconds(10));
    assertThat(states()).containsExactly("terminated");
  }

  @Test
  void howToConnectIsNotSaidOfOneThatAnInterruptHasEnded() throws InterruptedException {
    Ec2Machine machine = launch(true);
    machine.lease().end(); // what the interrupt of a process does first
    machine.close();
    assertThat(states()).containsExactly("terminated");
    assertThat(told).noneMatch(line -> line.matches(".*(is kept|to connect|had ended).*"));
  }

  @Test
  void anInterruptDoesNotKeepItFromBeingEnded() throws InterruptedException {
    Ec2Machine machine = launch(false);
    Thread closing =
        new Thread(
            () -> {
              Thread.currentThread().interrupt();
              machine.close();
            });
    closing.start();
    closing.join();
    assertThat(states()).containsExactly("terminated");
    assertThat(told).contains("ending " + machine).noneMatch(line -> line.contains("had ended"));
  }

  @Test
  void successEndsItAllTheSame() throws InterruptedException {
    try (Ec2Machine machine = launch(true)) {
      machine.succeeded();
    }
    assertThat(states()).containsExactly("terminated");
    assertThat(told).noneMatch(line -> line.contains("had ended"));
  }

  @Test
  void oneThatShowsAnotherHostKeyIsRefusedAndEnded() {
    aws.changeMachines(MachineSpec::withOtherHostKey);
    EnvironmentException failure =
        catchThrowableOfType(EnvironmentException.class, () -> launch(true));
    assertThat(failure.what()).contains("is not the machine that it should be");
    assertThat(states()).containsExactly("terminated");
  }
}
