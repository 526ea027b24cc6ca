package hgauto;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import hgauto.testbed.HgautoProgram.Result;
import hgauto.testbed.HgautoProgram.Running;
import hgauto.testbed.Processes;
import hgauto.testbed.SmallDisk;
import hgauto.testbed.aws.AwsProxy;
import hgauto.testbed.aws.Fault;
import hgauto.testbed.windows.PackageFault;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What can go wrong while packages are built, and the image for that is made. What was printed is
 * in {@code target/windows-faults.txt}.
 */
@Timeout(600)
class BuildWindowsFaultsIT extends WindowsBuildScene {
  private static final String MSI = "mercurial-7.2-x64.msi";
  private static final String[] BUILD = line("build-wix", "--arch", "x64");
  private static final String[] BOOTSTRAP = {"bootstrap-windows-dev", "--ssh-from", "127.0.0.0/8"};
  private static final String BUILT_ON = MSI + ": built on i-";

  /** By sha256sum. */
  private static final String SHA256_OF_160_MIB_OF_ZEROS =
      "61b5d2e238243a70dd9e9ad76225379515134a2531f374f960f5c6b5cf42519d";

  private static final String MARKER = "marker-" + UUID.randomUUID();

  private final CountDownLatch signalled = new CountDownLatch(1);

  /** When Ctrl-C comes. */
  @SuppressWarnings("ImmutableEnumChecker") // command lines
  enum Phase {
    LAUNCHING(BUILD) {
      @Override
      void await(BuildWindowsFaultsIT it, Running running) {
        it.awaitCall("ec2:RunInstances");
      }
    },
    AGENT(BUILD) {
      @Override
      void await(BuildWindowsFaultsIT it, Running running) {
        it.awaitCall("ssm:DescribeInstanceInformation");
      }
    },
    SSH(BUILD) {
      @Override
      void await(BuildWindowsFaultsIT it, Running running) {
        it.awaitCall("ssm:SendCommand"); // the first is for enable-openssh.ps1
      }
    },
    PUSH(BUILD) {
      @Override
      void prepare(BuildWindowsFaultsIT it) {
        it.haveHgHang();
      }

      @Override
      void await(BuildWindowsFaultsIT it, Running running) {
        // With that bracket it is not in a command line of ours.
        patiently().until(() -> !Processes.with(") " + MARKER).isEmpty());
      }
    },
    BUILDING(BUILD) {
      @Override
      void prepare(BuildWindowsFaultsIT it) {
        it.aws.windows().breakBuild(MSI, PackageFault.NEVER_ENDS);
      }

      @Override
      void await(BuildWindowsFaultsIT it, Running running) {
        awaitWords(running, BUILT_ON);
      }
    },
    FETCHING(BUILD) {
      @Override
      void prepare(BuildWindowsFaultsIT it) {
        it.haveLargePackages(4L << 30, "0".repeat(64));
      }

      @Override
      void await(BuildWindowsFaultsIT it, Running running) {
        it.awaitPartInDist();
      }
    },
    BOOTSTRAPPING(BOOTSTRAP) {
      @Override
      void prepare(BuildWindowsFaultsIT it) {
        it.aws
            .windows()
            .play(
                "bootstrap-windows.ps1",
                run -> {
                  run.print("installing");
                  run.pause(Duration.ofHours(1));
                  return 0;
                });
      }

      @Override
      void await(BuildWindowsFaultsIT it, Running running) {
        awaitWords(running, "installing");
      }
    },
    MAKING_THE_IMAGE(BOOTSTRAP) {
      /** After it there is little left to be interrupted, so it is not answered before. */
      @Override
      void prepare(BuildWindowsFaultsIT it) {
        it.aws.onCall("ec2:CreateImage", 1, Fault.before(it::awaitSignal));
      }

      @Override
      void await(BuildWindowsFaultsIT it, Running running) {
        it.awaitCall("ec2:CreateImage");
      }
    };

    private final String[] command;

    Phase(String... command) {
      this.command = command;
    }

    void prepare(BuildWindowsFaultsIT it) {}

    /** Returns when it has come to that. */
    abstract void await(BuildWindowsFaultsIT it, Running running);
  }

  /** On a loaded machine all of it takes long. */
  private static ConditionFactory patiently() {
    return Awaitility.await().atMost(Duration.ofMinutes(2)).pollInterval(Duration.ofMillis(5));
  }

  private static void awaitWords(Running running, String words) {
    patiently().until(() -> running.err().contains(words));
  }

  private void awaitSignal() {
    try {
      assertThat(signalled.await(2, TimeUnit.MINUTES)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void awaitCall(String action) {
    patiently().until(() -> aws.actions().contains(action));
  }

  /** Keeps what was printed for the fault. */
  private static void keep(String fault, Result result) throws IOException {
    Files.writeString(
        Path.of("target", "windows-faults.txt"),
        "== "
            + fault
            + ": exit code "
            + result.exitCode()
            + "\n-- standard error\n"
            + result.err()
            + "-- standard output\n"
            + result.out()
            + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  /** From the second script on, which comes before the push. */
  private void haveHgHang() {
    String hanging = "exec python3 -c 'import sys; sys.stdin.read()' " + MARKER;
    aws.onCall(
        "ssm:SendCommand",
        2,
        Fault.before(
            () -> {
              String script = "printf '#!/bin/sh\\n%s\\n' \"$1\" >/C:/hgdev/hg.cmd";
              aws.machine(instance()).run("sh", "-c", script, "sh", hanging);
            }));
  }

  /** A build makes a file of zeros, which takes no room there. */
  private void haveLargePackages(long bytes, String sha256) {
    aws.windows()
        .play(
            "build-installer.ps1",
            run -> {
              String folder = run.value("output");
              String name = folder + "\\" + MSI;
              run.drive().makeFolder(folder);
              run.drive().write(name, new byte[0]);
              try (RandomAccessFile file =
                  new RandomAccessFile(run.drive().path(name).toFile(), "rw")) {
                file.setLength(bytes);
              }
              JsonObject line = new JsonObject();
              line.addProperty("name", MSI);
              line.addProperty("size", bytes);
              line.addProperty("sha256", sha256);
              run.print("\r\nmade: " + line);
              return 0;
            });
  }

  /** Wherever in there it is on its way. */
  private void awaitPartInDist() {
    patiently().ignoreExceptions().until(this::hasPartInDist);
  }

  private boolean hasPartInDist() throws IOException {
    try (Stream<Path> files = Files.walk(dist(""))) {
      return files.anyMatch(file -> Files.isRegularFile(file) && file.toFile().length() > 0);
    }
  }

  @ParameterizedTest
  @EnumSource
  void ctrlCEndsTheMachineAndLeavesNothingHalfDone(Phase phase) throws Exception {
    source.write("contrib/install-windows-dependencies.ps1", "'another'\n");
    if (phase.command == BOOTSTRAP) {
      source.commit("there is no image for it");
    } else {
      source.hg("revert", "--all", "--no-backup");
    }
    phase.prepare(this);
    try (Running running = hgauto.start(source.root(), phase.command)) {
      phase.await(this, running);
      running.signal("INT");
      signalled.countDown();
      Result result = running.end();
      keep("Ctrl-C, " + phase, result);
      assertThat(result.exitCode()).as(result.err()).isEqualTo(130);
      assertThat(result.err()).containsPattern("i-\\w+ is terminated|nothing was launched");
      assertThat(result.err()).doesNotContain("error: ", "Exception");
    }
    if (phase.command == BUILD) {
      assertThat(filesInDist()).isEmpty();
    }
    assertNothingIsLeft();
    Processes.awaitEnd(MARKER);
  }

  private void cutConnections() {
    aws.machine(instance()).run("pkill", "-KILL", "-u", "Administrator", "sshd");
  }

  @Test
  void aDownloadThatIsCutIsDoneAgainOnTheSameMachine() throws Exception {
    haveLargePackages(160 << 20, SHA256_OF_160_MIB_OF_ZEROS);
    try (Running running = hgauto.start(source.root(), BUILD)) {
      awaitPartInDist();
      cutConnections();
      Result result = running.end();
      keep("SFTP cut in mid-download", result);
      assertThat(result.exitCode()).as(result.err()).isZero();
      assertThat(result.err()).contains(" was cut; connecting again");
    }
    assertThat(filesInDist()).containsExactly("hgauto-7.2.json", MSI);
    assertThat(dist(MSI)).hasSize(160 << 20);
    assertThat(instances()).hasSize(1);
    assertNothingIsLeft();
  }

  @Test
  void whatARestartInTheMiddleHasEndedIsBuiltByAnotherMachine() throws Exception {
    aws.windows()
        .play(
            "build-installer.ps1",
            run -> {
              aws.windows().playUsually("build-installer.ps1");
              run.print("restarting");
              cutConnections();
              throw new InterruptedException("as all that runs there");
            });
    Result result = hgauto.run(source.root(), BUILD);
    keep("Reboot in mid-step", result);
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.err())
        .contains(MSI + ": to be built again: build-installer.ps1 on i-")
        .contains("was ended, as by a restart of the machine");
    assertThat(instances()).hasSize(2);
    assertThat(Path.of(manifest().artifacts().get(0).log())).content().contains("restarting");
    assertNothingIsLeft();
  }

  @Test
  void aMachineThatSomebodyEndsBeforeItIsOnlineIsToldAndNotWaitedFor() throws Exception {
    aws.onCall(
        "ssm:DescribeInstanceInformation",
        1,
        Fault.before(
            () -> {
              String id = instance();
              aws.clients().ec2(AwsProxy.REGION).terminateInstances(r -> r.instanceIds(id));
            }));
    Result result = hgauto.run(source.root(), BUILD);
    keep("The machine terminated by someone else, while it starts", result);
    assertThat(result.exitCode()).as(result.err()).isEqualTo(3);
    assertThat(result.out())
        .contains(" ended before its agent for Systems Manager was online")
        .contains("0 built, 0 there, 1 failed");
    assertNothingIsLeft();
  }

  @Test
  void aMachineThatSomebodyEndsInMidPushIsReplaced() throws Exception {
    haveHgHang();
    try (Running running = hgauto.start(source.root(), BUILD)) {
      Processes.awaitStart(") " + MARKER);
      String id = instance();
      aws.clients().ec2(AwsProxy.REGION).terminateInstances(r -> r.instanceIds(id));
      Result result = running.end();
      keep("The machine terminated by someone else, while the changeset is pushed to it", result);
      assertThat(result.exitCode()).as(result.err()).isZero();
      assertThat(result.err()).contains("a new machine is launched for what lost ones have left");
    }
    assertThat(instances()).hasSize(2);
    assertThat(filesInDist()).containsExactly("hgauto-7.2.json", MSI);
    assertNothingIsLeft();
  }

  @Test
  void thatSystemsManagerIsAskedTooMuchForAWhileDoesNotMatter() throws Exception {
    Fault throttled = Fault.refused("ThrottlingException", "Rate exceeded");
    for (String action :
        List.of("ssm:DescribeInstanceInformation", "ssm:SendCommand", "ssm:GetCommandInvocation")) {
      aws.onCalls(action, 1, 2, throttled);
    }
    Result result = hgauto.run(source.root(), BUILD);
    keep("SSM throttled", result);
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertNothingIsLeft();
  }

  @Test
  void aFullDiskHereIsToldAndNothingHalfIsInDist() throws Exception {
    aws.windows().packagesHave(100_000);
    try (SmallDisk disk = SmallDisk.mount(dist(""), "size=64k")) {
      Result result = hgauto.run(source.root(), BUILD);
      keep("Disk full here", result);
      assertThat(result.exitCode()).as(result.err()).isEqualTo(3);
      assertThat(result.out())
          .contains("cannot write " + dist(".hgauto-7.2"), "No space left on device")
          .contains("Free some space", "All that it printed is in /");
      assertThat(disk.path()).isEmptyDirectory();
    }
    assertNothingIsLeft();
  }

  @Test
  void aDiskThatIsFullThereIsTold() throws Exception {
    aws.changeMachines(spec -> spec.roomFor(32));
    aws.windows()
        .play(
            "build-installer.ps1",
            run -> {
              try {
                run.drive().write("C:\\hgdev\\runs\\large", new byte[64 << 20]);
              } finally {
                Files.delete(run.drive().path("C:\\hgdev\\runs\\large")); // as compilers do
              }
              return 0;
            });
    Result result = hgauto.run(source.root(), BUILD);
    keep("Disk full there", result);
    assertThat(result.exitCode()).as(result.err()).isEqualTo(1);
    assertThat(result.out()).contains("No space left on device", "All that it printed is in /");
    assertThat(filesInDist()).isEmpty();
    assertNothingIsLeft();
  }
}
