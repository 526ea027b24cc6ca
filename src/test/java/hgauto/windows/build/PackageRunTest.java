package hgauto.windows.build;

import static hgauto.windows.build.FakeBuildMachines.failing;
import static hgauto.windows.build.FakeBuildMachines.making;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import hgauto.error.EnvironmentException;
import hgauto.error.HgautoException;
import hgauto.error.LeftoverException;
import hgauto.error.MachineLostException;
import hgauto.error.RemoteWorkException;
import hgauto.hg.Changeset;
import hgauto.poll.Poll;
import hgauto.release.Artifact;
import hgauto.release.Dist;
import hgauto.release.MercurialVersion;
import hgauto.testbed.Sleepless;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class PackageRunTest {
  private static final MercurialVersion VERSION = MercurialVersion.of("7.2");
  private static final String NODE = "0a1b2c3d4e".repeat(4);
  private static final Changeset CHANGESET = new Changeset(NODE, "stable", "ann", "public", "it");
  private static final int SECONDS = 20;

  private static final PackageBuild WHEEL = wheel("3.9");
  private static final PackageBuild OTHER_WHEEL = wheel("3.10");
  private static final PackageBuild INSTALLER =
      new PackageBuild(
          PackageKind.WIX, VERSION, "pyoxidizer", "3", Arch.X64, "3.9", Duration.ofMinutes(25));
  private static final List<PackageBuild> ALL = List.of(WHEEL, OTHER_WHEEL, INSTALLER);

  @TempDir private Path folder;
  private final FakeBuildMachines machines = new FakeBuildMachines();
  private final Sleepless clock = new Sleepless();
  private final List<String> told = Collections.synchronizedList(new ArrayList<>());
  private Dist dist;

  private static PackageBuild wheel(String python) {
    return new PackageBuild(
        PackageKind.WHEEL,
        VERSION,
        "cibuildwheel",
        python,
        Arch.X64,
        "3.13",
        Duration.ofMinutes(5));
  }

  @BeforeEach
  void openDist() {
    dist = Dist.open(folder, VERSION, NODE, false);
  }

  @AfterEach
  void closeDist() {
    dist.close();
  }

  private PackageRun run() {
    return new PackageRun(
        machines, new PackageRun.Settings(null, CHANGESET, dist, folder, clock, told::add));
  }

  private PackageRun.Outcome run(int count) throws InterruptedException {
    return run().run(ALL, count);
  }

  private PackageResult one(PackageBuild build) throws InterruptedException {
    return run().run(List.of(build), 1).results().get(0);
  }

  private static HgautoException failure(PackageResult result) {
    assertThat(result.artifact()).isEmpty();
    return (HgautoException) result.failure().orElseThrow();
  }

  private Path inDist(PackageBuild build) {
    return folder.resolve("dist").resolve(build.fileName());
  }

  /** Those on their way, too. */
  private List<String> filesInDist() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("dist"))) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.endsWith(".lock"))
          .sorted()
          .toList();
    }
  }

  private void takes(Duration time) throws InterruptedException {
    clock.poll().until("it", time, Duration.ofDays(1), new Later());
  }

  /** Has not happened at the first look. */
  private static final class Later implements Poll.Probe<String> {
    private boolean looked;

    @Override
    public Optional<String> look() {
      Optional<String> found = looked ? Optional.of("now") : Optional.empty();
      looked = true;
      return found;
    }
  }

  private static void await(CountDownLatch moment) throws InterruptedException {
    assertThat(moment.await(SECONDS, TimeUnit.SECONDS)).isTrue();
  }

  private static void await(CyclicBarrier barrier) throws InterruptedException {
    try {
      barrier.await(SECONDS, TimeUnit.SECONDS);
    } catch (BrokenBarrierException | TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }

  private static MachineLostException lost() {
    return new MachineLostException("i-1 is lost", "it does not answer", "", null);
  }

  private static EnvironmentException cut() {
    return new EnvironmentException("cannot fetch it", "the connection was cut", "");
  }

  @Test
  void eachPackageComesToDistAndIsRecordedWithWhatItTook() throws Exception {
    machines.onBuild(
        WHEEL.fileName(),
        (machine, log) -> {
          takes(Duration.ofSeconds(90));
          return making(WHEEL.fileName()).run(machine, log);
        });
    List<PackageResult> results = run(1).results();
    assertThat(results).extracting(PackageResult::build).containsExactlyElementsOf(ALL);
    assertThat(results).allSatisfy(result -> assertThat(result.failure()).isEmpty());
    for (PackageBuild build : ALL) {
      assertThat(inDist(build)).hasContent(FakeBuildMachines.content(build.fileName()));
      assertThat(dist.whole(build.fileName())).isPresent();
    }
    Artifact wheel = dist.manifest().artifact(WHEEL.fileName()).orElseThrow();
    assertThat(wheel.seconds()).isEqualTo(90);
    assertThat(wheel.built()).isEqualTo(clock.instant());
    assertThat(wheel.log()).isEqualTo(folder.resolve(WHEEL.fileName() + ".log").toString());
  }

  @Test
  void onOneMachineTheLongestIsBuiltFirst() throws InterruptedException {
    run(1);
    assertThat(machines.done("build"))
        .containsExactly(
            "build 1 " + INSTALLER.fileName(),
            "build 1 " + WHEEL.fileName(),
            "build 1 " + OTHER_WHEEL.fileName());
    assertThat(machines.done()).startsWith("open 1", "push 1").endsWith("succeeded 1", "close 1");
  }

  @Test
  void severalMachinesBuildAtTheSameTime() throws InterruptedException {
    CyclicBarrier together = new CyclicBarrier(ALL.size());
    for (PackageBuild build : ALL) {
      machines.onBuild(
          build.fileName(),
          (machine, log) -> {
            await(together);
            return making(build.fileName()).run(machine, log);
          });
    }
    run(3);
    assertThat(machines.done("close")).hasSize(3);
  }

  @Test
  void theTimeOfAMachineOfAnotherTypeIsToldByItself() throws InterruptedException {
    machines.types.put(1, "m6i.large");
    machines.onBuild(
        WHEEL.fileName(),
        (machine, log) -> {
          takes(Duration.ofMinutes(1));
          return making(WHEEL.fileName()).run(machine, log);
        });
    assertThat(run(1).machineTimes())
        .containsExactly(Map.entry("m6i.large", Duration.ofMinutes(1)));
  }

  /** Programs may print anything, and lines may be long. */
  @Test
  void whatABuildPrintsIsNotTakenForWhatItTellsOfItsFiles() throws InterruptedException {
    machines.onBuild(
        WHEEL.fileName(),
        (machine, log) -> {
          log.write("x".repeat(100_000).getBytes(StandardCharsets.UTF_8));
          log.write(" made: it\nhas made: {}\n".getBytes(StandardCharsets.UTF_8));
          return making(WHEEL.fileName()).run(machine, log);
        });
    assertThat(run(1).results()).allSatisfy(it -> assertThat(it.artifact()).isPresent());
  }

  @Test
  void noMoreMachinesAreLaunchedThanThereArePackages() throws InterruptedException {
    run(32);
    assertThat(machines.done("open")).hasSize(3);
  }

  @Test
  void aPackageIsFetchedWhileTheNextOneIsBuilt() throws InterruptedException {
    CountDownLatch nextIsBuilt = new CountDownLatch(1);
    CountDownLatch isFetched = new CountDownLatch(1);
    machines.onDownload(
        INSTALLER.fileName(),
        machine -> {
          isFetched.countDown();
          await(nextIsBuilt);
          throw cut(); // it is fetched again
        });
    machines.onBuild(
        WHEEL.fileName(),
        (machine, log) -> {
          await(isFetched);
          nextIsBuilt.countDown();
          return making(WHEEL.fileName()).run(machine, log);
        });
    assertThat(run(1).results()).allMatch(result -> result.failure().isEmpty());
  }

  @Test
  void oneThatFailsDoesNotStopTheOthersAndIsToldWithTheEndOfItsLog() throws Exception {
    machines.onBuild(INSTALLER.fileName(), failing(1, "linking\nLNK1181: no such library\n"));
    List<PackageResult> results = run(1).results();
    HgautoException failure = failure(results.get(2));
    assertThat(failure).isInstanceOf(RemoteWorkException.class);
    assertThat(failure).hasMessage("could not build mercurial-7.2-x64.msi on i-1");
    assertThat(failure.why())
        .isEqualTo("its script ended with 1:\nlinking\nLNK1181: no such library");
    Path log = folder.resolve("mercurial-7.2-x64.msi.log");
    assertThat(failure.next()).isEqualTo("All that it printed is in " + log + ".");
    assertThat(log).hasContent("linking\nLNK1181: no such library");
    assertThat(dist.manifest().artifacts())
        .extracting(Artifact::name)
        .containsExactly(OTHER_WHEEL.fileName(), WHEEL.fileName());
    assertThat(machines.done()).doesNotContain("succeeded 1").endsWith("close 1");
  }

  @Test
  void aBuildThatDoesNotEndFailsAndTheNextOneIsBuilt() throws InterruptedException {
    machines.onBuild(
        INSTALLER.fileName(),
        (machine, log) -> {
          throw new EnvironmentException("it did not end", "in 7200 s", "");
        });
    List<PackageResult> results = run(1).results();
    assertThat(failure(results.get(2))).hasMessage("it did not end");
    assertThat(results.get(0).artifact()).isPresent();
  }

  @Test
  void aBuildThatMakesNoFileHasFailed() throws Exception {
    machines.onBuild(WHEEL.fileName(), making());
    HgautoException failure = failure(one(WHEEL));
    assertThat(failure).isInstanceOf(RemoteWorkException.class);
    assertThat(failure).hasMessage("the build of " + WHEEL.fileName() + " has not made one file");
    assertThat(failure.why()).isEqualTo("it ended well, but there is none");
    assertThat(filesInDist()).isEmpty();
  }

  @Test
  void aBuildThatMakesTwoFilesHasFailedThoughOneIsTheRightOne() throws Exception {
    machines.onBuild(WHEEL.fileName(), making(WHEEL.fileName(), "docutils-0.22-py3-none-any.whl"));
    assertThat(failure(one(WHEEL)).why())
        .startsWith("there are ")
        .contains(WHEEL.fileName(), "docutils-0.22-py3-none-any.whl");
    assertThat(filesInDist()).isEmpty();
  }

  @Test
  void aFileOfAnotherVersionIsNotTaken() throws Exception {
    machines.onBuild(WHEEL.fileName(), making("mercurial-7.1.2-cp39-cp39-win_amd64.whl"));
    HgautoException failure = failure(one(WHEEL));
    assertThat(failure).hasMessage("the build of " + WHEEL.fileName() + " has made something else");
    assertThat(failure.why()).startsWith("there is mercurial-7.1.2-cp39-cp39-win_amd64.whl, ");
    assertThat(filesInDist()).isEmpty();
  }

  @Test
  void anEmptyFileIsNotTaken() throws Exception {
    machines.onBuild(
        WHEEL.fileName(),
        (machine, log) -> {
          machine.put(WHEEL.fileName(), "");
          return 0;
        });
    assertThat(failure(one(WHEEL)).why()).endsWith(".whl, 0 bytes");
  }

  @Test
  void aPackageOfAnotherBuildIsNotTakenForTheOneThatWasToBeMade() throws Exception {
    machines.onBuild(OTHER_WHEEL.fileName(), making());
    List<PackageResult> results = run().run(List.of(WHEEL, OTHER_WHEEL), 1).results();
    assertThat(results.get(0).artifact()).isPresent();
    assertThat(failure(results.get(1)).why()).isEqualTo("it ended well, but there is none");
  }

  @Test
  void aFetchThatIsCutIsDoneAgain() throws Exception {
    machines.onDownload(
        WHEEL.fileName(),
        machine -> {
          throw cut();
        },
        machine -> {}); // half of it has come, and nobody has noticed
    assertThat(one(WHEEL).artifact()).isPresent();
    assertThat(machines.done("fetch")).hasSize(3);
    assertThat(inDist(WHEEL)).hasContent(FakeBuildMachines.content(WHEEL.fileName()));
    assertThat(filesInDist()).containsExactly("hgauto-7.2.json", WHEEL.fileName());
  }

  @Test
  void ofAFetchThatIsAlwaysCutNothingStaysInDist() throws Exception {
    FakeBuildMachines.Step cut =
        machine -> {
          throw cut();
        };
    machines.onDownload(WHEEL.fileName(), cut, cut, cut, cut);
    assertThat(failure(one(WHEEL))).hasMessage("cannot fetch it");
    assertThat(machines.done("fetch")).hasSize(3);
    assertThat(filesInDist()).isEmpty();
  }

  @Test
  void whatALostMachineHasLeftIsBuiltByTheOthers() throws InterruptedException {
    CountDownLatch isLost = new CountDownLatch(1);
    machines.onBuild(
        INSTALLER.fileName(),
        (machine, log) -> {
          isLost.countDown();
          throw lost();
        });
    machines.onBuild(
        WHEEL.fileName(),
        (machine, log) -> {
          await(isLost);
          return making(WHEEL.fileName()).run(machine, log);
        });
    PackageRun.Outcome outcome = run().run(List.of(INSTALLER, WHEEL), 2);
    assertThat(outcome.results()).allMatch(result -> result.artifact().isPresent());
    assertThat(machines.done("build")).hasSize(3);
    assertThat(machines.done("close")).hasSameSizeAs(machines.done("open"));
    assertThat(told)
        .contains("mercurial-7.2-x64.msi: to be built again: i-1 is lost: it does not answer");
  }

  @Test
  void whereNoneIsLeftANewMachineIsLaunched() throws InterruptedException {
    machines.onBuild(
        WHEEL.fileName(),
        (machine, log) -> {
          log.write("first".getBytes(StandardCharsets.UTF_8));
          throw lost();
        },
        (machine, log) -> {
          log.write("second".getBytes(StandardCharsets.UTF_8));
          return making(WHEEL.fileName()).run(machine, log);
        });
    assertThat(one(WHEEL).artifact()).isPresent();
    assertThat(machines.done())
        .filteredOn(what -> !what.startsWith("build"))
        .startsWith("open 1", "push 1", "close 1", "open 1", "push 1");
    assertThat(folder.resolve(WHEEL.fileName() + ".log")).content().startsWith("firstsecond");
  }

  @Test
  void aBuildWhoseMachineIsLostTwiceHasFailed() throws InterruptedException {
    FakeBuildMachines.Build losing =
        (machine, log) -> {
          throw lost();
        };
    machines.onBuild(WHEEL.fileName(), losing, losing, losing);
    assertThat(failure(one(WHEEL))).isInstanceOf(MachineLostException.class);
    assertThat(machines.done("open")).hasSize(2);
    assertThat(machines.done("close")).hasSize(2);
  }

  @Test
  void oneThatCostsTwoMachinesDoesNotStopTheOthers() throws InterruptedException {
    FakeBuildMachines.Build losing =
        (machine, log) -> {
          throw lost();
        };
    machines.onBuild(INSTALLER.fileName(), losing, losing);
    List<PackageResult> results = run(1).results();
    assertThat(failure(results.get(2))).isInstanceOf(MachineLostException.class);
    assertThat(results.subList(0, 2)).allMatch(result -> result.artifact().isPresent());
    assertThat(machines.done("open")).hasSize(2);
  }

  @Test
  void eachPackageMayCostTwoMachines() throws InterruptedException {
    FakeBuildMachines.Build losing =
        (machine, log) -> {
          throw lost();
        };
    machines.onBuild(INSTALLER.fileName(), losing, losing);
    machines.onBuild(WHEEL.fileName(), losing, losing);
    List<PackageResult> results = run(1).results();
    assertThat(results.get(1).artifact()).isPresent();
    assertThat(results).filteredOn(result -> result.failure().isPresent()).hasSize(2);
    assertThat(machines.done("open")).hasSize(4);
  }

  @Test
  void aMachineThatIsLostDuringThePushIsReplaced() throws InterruptedException {
    machines.pushing =
        machine -> {
          machines.pushing = other -> {};
          throw lost();
        };
    assertThat(run(1).results()).allMatch(result -> result.artifact().isPresent());
    assertThat(machines.done("open")).hasSize(2);
  }

  @Test
  void whereMachinesAreLostBeforeTheyBuildAnythingNoMoreThanTwoAreLaunched()
      throws InterruptedException {
    machines.pushing =
        machine -> {
          throw lost();
        };
    assertThat(run(1).results())
        .allSatisfy(result -> assertThat(failure(result)).hasMessage("i-1 is lost"));
    assertThat(machines.done("open")).hasSize(2);
  }

  @Test
  void aMachineThatIsLostWhileItsPackageIsFetchedBuildsNoMore() throws InterruptedException {
    CountDownLatch isBegun = new CountDownLatch(1);
    CountDownLatch isFetched = new CountDownLatch(1);
    machines.onDownload(
        INSTALLER.fileName(),
        machine -> {
          await(isBegun);
          isFetched.countDown();
          throw lost();
        });
    machines.onBuild(
        WHEEL.fileName(),
        (machine, log) -> {
          isBegun.countDown();
          await(isFetched);
          throw lost();
        });
    assertThat(run(1).results()).allMatch(result -> result.artifact().isPresent());
    assertThat(machines.done("open")).hasSize(2);
    assertThat(machines.done("build")).hasSize(5);
  }

  @Test
  void whereOneMachineCannotBeHadTheOthersBuildAll() throws InterruptedException {
    machines.opening.put(
        1,
        machine -> {
          throw new EnvironmentException("cannot launch a machine", "there is no room", "");
        });
    assertThat(run(2).results()).allMatch(result -> result.artifact().isPresent());
    assertThat(told)
        .contains("machine 1 builds nothing: cannot launch a machine: there is no room");
  }

  @Test
  void whereNoMachineCanBeHadAllHaveFailedForThatReason() throws InterruptedException {
    machines.opening.put(
        1,
        machine -> {
          throw new EnvironmentException("cannot launch a machine", "there is no room", "");
        });
    List<PackageResult> results = run(1).results();
    assertThat(results)
        .allSatisfy(
            result -> {
              assertThat(failure(result)).hasMessage("cannot launch a machine");
              assertThat(result.log()).isEmpty();
            });
    assertThat(machines.done("open")).hasSize(1);
  }

  @Test
  void aMachineThatNothingCanBePushedToIsEnded() throws InterruptedException {
    machines.pushing =
        machine -> {
          throw new EnvironmentException("cannot push", "there is no hg", "");
        };
    assertThat(failure(one(WHEEL))).hasMessage("cannot push");
    assertThat(machines.done()).containsExactly("open 1", "push 1", "close 1");
  }

  @Test
  void aMachineThatCouldNotBeEndedIsKnownBesidesThePackages() throws InterruptedException {
    machines.onClose(
        machine -> {
          throw new LeftoverException("i-1 may still be there", "", "End it.", null);
        });
    PackageRun.Outcome outcome = run(1);
    assertThat(outcome.results()).allMatch(result -> result.artifact().isPresent());
    assertThat(outcome.leftovers())
        .singleElement()
        .extracting(Throwable::getMessage)
        .isEqualTo("i-1 may still be there");
  }

  @Test
  void afterAFailureToo() throws InterruptedException {
    machines.pushing =
        machine -> {
          throw new EnvironmentException("cannot push", "there is no hg", "");
        };
    machines.onClose(
        machine -> {
          throw new LeftoverException("i-1 may still be there", "", "End it.", null);
        });
    assertThat(run(1).leftovers()).hasSize(1);
  }

  @Test
  void machinesThatWereLaunchedTwiceOrAtOnceArePaidFor() throws InterruptedException {
    for (PackageBuild build : List.of(WHEEL, OTHER_WHEEL)) {
      machines.onBuild(
          build.fileName(),
          (machine, log) -> {
            takes(Duration.ofMinutes(1));
            return making(build.fileName()).run(machine, log);
          });
    }
    assertThat(run(1).machineTimes())
        .containsExactly(Map.entry("t3.medium", Duration.ofMinutes(2)));
  }

  @Test
  void aFaultOfOursInOnePackageDoesNotStopTheOthers() throws InterruptedException {
    machines.onBuild(
        INSTALLER.fileName(),
        (machine, log) -> {
          throw new IllegalArgumentException("a fault");
        });
    List<PackageResult> results = run(1).results();
    assertThat(results.get(2).failure().orElseThrow()).hasMessage("a fault");
    assertThat(results.get(0).artifact()).isPresent();
  }

  @Test
  void aFaultOfOursWithAMachineIsKeptForTheEnd() throws InterruptedException {
    machines.opening.put(
        1,
        machine -> {
          throw new IllegalArgumentException("a fault");
        });
    PackageRun.Outcome outcome = run(1);
    assertThat(outcome.bugs())
        .singleElement()
        .extracting(Throwable::getMessage)
        .isEqualTo("a fault");
    assertThat(outcome.results()).allMatch(result -> result.failure().isPresent());
  }

  @Test
  void anInterruptEndsAllMachinesFirst() throws InterruptedException {
    CountDownLatch isBegun = new CountDownLatch(1);
    machines.onBuild(
        INSTALLER.fileName(),
        (machine, log) -> {
          isBegun.countDown();
          new CountDownLatch(1).await();
          return 0;
        });
    Thread here = Thread.currentThread();
    Thread interrupting =
        new Thread(
            () -> {
              try {
                isBegun.await();
                here.interrupt();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    interrupting.start();
    assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> run(1));
    interrupting.join();
    assertThat(machines.done()).endsWith("close 1").doesNotContain("succeeded 1");
  }

  @Test
  void afterAnInterruptNothingIsWrittenAnyMore() throws InterruptedException {
    CountDownLatch isClosed = new CountDownLatch(1);
    machines.onClose(machine -> isClosed.countDown());
    Thread here = Thread.currentThread();
    List<Boolean> closedFirst = Collections.synchronizedList(new ArrayList<>());
    machines.onDownload(
        WHEEL.fileName(),
        machine -> {
          try {
            here.interrupt();
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            closedFirst.add(isClosed.await(200, TimeUnit.MILLISECONDS));
            throw e;
          }
        });
    assertThatExceptionOfType(InterruptedException.class)
        .isThrownBy(() -> run().run(List.of(WHEEL), 1));
    assertThat(closedFirst).containsExactly(false);
  }
}
