package hgauto.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hgauto.aws.image.MachineImage;
import hgauto.error.EnvironmentException;
import hgauto.error.HgautoException;
import hgauto.error.LeftoverException;
import hgauto.error.RemoteWorkException;
import hgauto.linux.Distro;
import hgauto.linux.Distros;
import hgauto.poll.Poll;
import hgauto.testbed.Sleepless;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ImageBuildsTest {
  private static final List<Distro> ALL = Distros.known().all();

  private final Sleepless time = new Sleepless();

  private static MachineImage image(Distro distro) {
    return new MachineImage("ami-1", distro.imageName() + "-0a1b2c3d", "/dev/xvda", 20);
  }

  private static Optional<Double> dollarsPerHour(String type) {
    return Optional.of(type.equals("t3.2xlarge") ? 0.36 : 0.5);
  }

  private List<ImageItem> run(ImageBuilds.Build build, int atOnce) throws InterruptedException {
    return new ImageBuilds(build, time, ImageBuildsTest::dollarsPerHour).run(ALL, atOnce).items();
  }

  private BootstrapReport report(ImageBuilds.Build build) throws InterruptedException {
    return BootstrapReport.of("123456789012", "us-west-2", run(build, 4), 100);
  }

  private static ImageBuilds.Build failingOn(String name, HgautoException failure) {
    return (distro, launched) -> {
      if (distro.name().equals(name)) {
        throw failure;
      }
      return image(distro);
    };
  }

  private static EnvironmentException unreachable() {
    return new EnvironmentException("cannot reach i-1", "no answer", "Look.");
  }

  private static RemoteWorkException broken() {
    return new RemoteWorkException("could not make it ready", "code 100", "Mend it.");
  }

  @Test
  void allAreMadeAtOnce() throws InterruptedException {
    CyclicBarrier together = new CyclicBarrier(ALL.size());
    List<ImageItem> items =
        run(
            (distro, launched) -> {
              await(together);
              return image(distro);
            },
            ALL.size());
    assertThat(items)
        .extracting(ImageItem::distro)
        .containsExactlyElementsOf(ALL.stream().map(Distro::name).toList());
  }

  @Test
  void noMoreAtOnceThanIsSaid() throws InterruptedException {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CyclicBarrier two = new CyclicBarrier(2);
    run(
        (distro, launched) -> {
          most.accumulateAndGet(now.incrementAndGet(), Math::max);
          await(two);
          now.decrementAndGet();
          return image(distro);
        },
        2);
    assertThat(most).hasValue(2);
  }

  @Test
  void oneThatFailsDoesNotStopTheOthers() throws InterruptedException {
    CountDownLatch failed = new CountDownLatch(1);
    List<ImageItem> items =
        run(
            (distro, launched) -> {
              if (distro.name().equals("debian12")) {
                failed.countDown();
                throw broken();
              }
              assertThat(failed.await(20, TimeUnit.SECONDS)).isTrue();
              return image(distro);
            },
            2);
    assertThat(items)
        .extracting(ImageItem::result)
        .containsExactly("failed", "made", "made", "made");
  }

  @Test
  void theReportSaysWhatWasMadeAndWhatFailed() throws InterruptedException {
    ImageBuilds.Build build =
        (distro, launched) -> {
          if (distro.name().equals("debian13")) {
            throw broken();
          }
          time.poll().until("it", Duration.ofSeconds(100), Duration.ofDays(1), later());
          return image(distro);
        };
    List<ImageItem> items =
        new ImageBuilds(build, time, ImageBuildsTest::dollarsPerHour).run(ALL, 1).items();
    assertThat(BootstrapReport.of("123456789012", "us-west-2", items, 301).lines())
        .containsExactly(
            "debian12: ami-1 (hg-linux-dev-debian12-0a1b2c3d) made in 1 min 40 s, about $0.01",
            "debian13: failed after 0 s, about $0.00",
            "  could not make it ready",
            "  code 100",
            "  Mend it.",
            "ubuntu22.04: ami-1 (hg-linux-dev-ubuntu22.04-0a1b2c3d) made in 1 min 40 s, about $0.01",
            "ubuntu24.04: ami-1 (hg-linux-dev-ubuntu24.04-0a1b2c3d) made in 1 min 40 s, about $0.01",
            "in all: 5 min 1 s, about $0.03 for machines");
  }

  @Test
  void theCostIsThatOfTheTypeThatWasLaunchedWhateverCameOfIt() throws InterruptedException {
    ImageBuilds.Build build =
        (distro, launched) -> {
          if (!distro.name().equals("debian12")) {
            launched.accept("m6i.2xlarge");
          }
          time.sleep(Duration.ofHours(1));
          if (distro.name().equals("debian13")) {
            throw broken();
          }
          return image(distro);
        };
    List<ImageItem> items =
        new ImageBuilds(build, time, ImageBuildsTest::dollarsPerHour).run(ALL, 1).items();
    assertThat(items.subList(0, 3))
        .extracting(ImageItem::dollars)
        .extracting(BigDecimal::toString)
        .containsExactly("0.36", "0.50", "0.50");
  }

  @Test
  void aBuildThatFailsIsExitCodeOne() throws InterruptedException {
    assertThat(report(failingOn("debian13", broken())).exitCode()).isEqualTo(1);
    assertThat(report(failingOn("none", broken())).exitCode()).isZero();
  }

  @Test
  void anotherFailureHasItsOwnExitCode() throws InterruptedException {
    assertThat(report(failingOn("debian13", unreachable())).exitCode()).isEqualTo(3);
  }

  @Test
  void whatIsLeftOverIsToldAndCountsMore() throws InterruptedException {
    RemoteWorkException failure = broken();
    failure.addSuppressed(new LeftoverException("i-1 may still be there", "", "End it.", null));
    BootstrapReport report = report(failingOn("debian13", failure));
    assertThat(report.exitCode()).isEqualTo(4);
    assertThat(report.lines()).contains("  i-1 may still be there", "  End it.");
  }

  @Test
  void afterAFaultOfOursTheOthersAreReportedBeforeItIsThrown() throws InterruptedException {
    ImageBuilds.Outcome outcome =
        new ImageBuilds(
                (distro, launched) -> {
                  if (distro.name().startsWith("debian")) {
                    throw new IllegalArgumentException("a fault with " + distro.name());
                  }
                  return image(distro);
                },
                time,
                ImageBuildsTest::dollarsPerHour)
            .run(ALL, 1);
    BootstrapReport report = BootstrapReport.of("123456789012", "us-west-2", outcome.items(), 1);
    assertThat(report.lines())
        .contains(
            "debian12: failed after 0 s, about $0.00",
            "  java.lang.IllegalArgumentException: a fault with debian12",
            "debian13: failed after 0 s, about $0.00",
            "ubuntu22.04: ami-1 (hg-linux-dev-ubuntu22.04-0a1b2c3d) made in 0 s, about $0.00");
    assertThat(report.exitCode()).isEqualTo(70);
    assertThatThrownBy(outcome::throwBugs)
        .hasRootCauseMessage("a fault with debian12")
        .satisfies(
            e ->
                assertThat(e.getSuppressed())
                    .extracting(Throwable::getMessage)
                    .containsExactly("a fault with debian13"));
  }

  @Test
  void whatIsLeftOverAfterAFaultOfOursIsToldToo() throws InterruptedException {
    IllegalStateException fault = new IllegalStateException("a fault");
    fault.addSuppressed(new LeftoverException("i-1 may still be there", "", "End it.", null));
    List<ImageItem> items =
        new ImageBuilds(
                (distro, launched) -> {
                  throw fault;
                },
                time,
                type -> Optional.empty())
            .run(ALL.subList(0, 1), 1)
            .items();
    assertThat(items.get(0).lines()).contains("  i-1 may still be there", "  End it.");
  }

  private static Poll.Probe<String> later() {
    AtomicInteger looks = new AtomicInteger();
    return () -> looks.getAndIncrement() == 0 ? Optional.empty() : Optional.of("it");
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException("the others do not come", e);
    }
  }
}
