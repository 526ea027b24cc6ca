package hgauto.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import hgauto.aws.ensure.Cidr;
import hgauto.aws.lease.LaunchTerms;
import hgauto.error.EnvironmentException;
import hgauto.error.UsageException;
import hgauto.hg.Hg;
import hgauto.linux.Distros;
import hgauto.linux.Filesystem;
import hgauto.linux.PythonVersion;
import hgauto.machine.SshKey;
import hgauto.poll.Poll;
import hgauto.release.MercurialVersion;
import hgauto.state.StateFolder;
import hgauto.suite.TestFlags;
import hgauto.testbed.HgRepository;
import hgauto.testbed.Requires;
import hgauto.testbed.Sleepless;
import hgauto.testbed.WindowsSource;
import hgauto.testbed.aws.FakeAccount;
import hgauto.testbed.aws.Fault;
import hgauto.windows.build.Arch;
import hgauto.windows.build.PackageChoice;
import hgauto.windows.build.PackageKind;
import hgauto.windows.test.WindowsPython;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands whose machines need an image that is missing, on an account in memory. */
class ImageForecastTest {
  private static final SshKey KEY = SshKey.generate(); // it takes a second
  private static final Duration LONG = Duration.ofHours(4);

  @TempDir private Path folder;
  private final FakeAccount aws = new FakeAccount();
  private final Spoken spoken = new Spoken();
  private final Poll poll = new Sleepless().poll();
  private final Hg hg = new Hg(Requires.program("hg").toString()).withoutUserConfig();
  private StateFolder state;
  private HgRepository source;

  /** What is run. */
  private interface Command {
    int run(Duration lifetime) throws InterruptedException;
  }

  @BeforeEach
  void prepare() throws IOException {
    state = new StateFolder(folder.resolve("state"));
    KEY.save(state.keys());
    source = WindowsSource.create(folder.resolve("hg"));
    source.write("tests/run-tests.py", "").commit("tests");
  }

  private static LaunchTerms terms(Duration lifetime) {
    return new LaunchTerms(
        Set.of(Cidr.of("203.0.113.7").orElseThrow()), Optional.empty(), lifetime, false);
  }

  private TestsRequest tests() {
    return new TestsRequest(source.root(), ".", false, TestFlags.of(List.of()));
  }

  private int buildWheel(Duration lifetime) throws InterruptedException {
    return new BuildWindowsPackages(spoken.console(false), hg, aws.account(), state, poll)
        .run(
            new BuildWindowsPackages.Request(
                source.root(),
                ".",
                Optional.of(MercurialVersion.of("7.2")),
                Optional.of(
                    new PackageChoice(PackageKind.WHEEL, List.of("3.14"), List.of(Arch.X64))),
                false,
                OptionalInt.empty(),
                "WINDOWS-2022",
                terms(lifetime)));
  }

  private int testOnWindows(Duration lifetime) throws InterruptedException {
    return new RunTestsWindows(spoken.console(false), hg, aws.account(), state, poll)
        .run(
            new RunTestsWindows.Request(
                tests(),
                new WindowsPython("3.9", "x64"),
                Duration.ofMinutes(1),
                "WINDOWS-2022",
                RunTestsWindows.DEFAULT_TYPE,
                2,
                false,
                terms(lifetime)));
  }

  private int testOnLinux(Duration lifetime) throws InterruptedException {
    return new RunTestsLinux(spoken.console(false), hg, aws.account(), state, poll)
        .run(
            new RunTestsLinux.Request(
                tests(),
                PythonVersion.of("system3"),
                Filesystem.of("default"),
                Duration.ofMinutes(1),
                new TestMachines.Ec2(
                    Distros.known().named("debian12"), "c7i.8xlarge", 1, false, terms(lifetime))));
  }

  /** In an account where machines cannot be launched. */
  private void assertForecastBeforeAnythingIsMade(String forecast, Command command) {
    aws.onCall("iam:CreateRole", Fault.FORBIDDEN);
    aws.onCall("ec2:CreateSecurityGroup", Fault.FORBIDDEN);
    assertThatThrownBy(() -> command.run(LONG)).isInstanceOf(EnvironmentException.class);
    assertThat(spoken.err())
        .contains("region us-west-2 (for the test)\n" + forecast + "\n  import ");
    assertThat(aws.actions()).contains("ec2:CreateSecurityGroup");
  }

  /** The machine would end the moment that the image may be made. */
  private void assertRefusedBeforeAnythingIsMade(int minutes, Command command) {
    UsageException failure =
        catchThrowableOfType(UsageException.class, () -> command.run(Duration.ofMinutes(minutes)));
    assertThat(failure)
        .hasMessage("the machine would end before the image is made that is missing");
    assertThat(failure.why())
        .isEqualTo(
            "that may take %1$d min, and a machine ends itself after %1$d min".formatted(minutes));
    assertThat(aws.actions()).containsOnly("sts:GetCallerIdentity", "ec2:DescribeImages");
  }

  @Test
  void aBuildSaysWhatTheImageTakesBeforeAnythingIsMade() {
    assertForecastBeforeAnythingIsMade(
        "1 package on 1 machine, m6i.large: about 10 min and $0.03, by guesses of what a build"
            + " takes; before that about 60 min and $0.20 to make image hg-windows-dev of"
            + " windows2022, which is missing",
        this::buildWheel);
  }

  @Test
  void aBuildIsRefusedWhoseImageTakesTooLong() {
    assertRefusedBeforeAnythingIsMade(60, this::buildWheel);
  }

  @Test
  void testsOnWindowsSayWhatTheImageTakesBeforeAnythingIsMade() {
    assertForecastBeforeAnythingIsMade(
        "2 machines, c7i.2xlarge: $1.47 an hour; how long the tests take is not known yet; before"
            + " that about 60 min and $0.20 to make image hg-windows-dev of windows2022, which is"
            + " missing",
        this::testOnWindows);
  }

  @Test
  void testsOnWindowsAreRefusedWhoseImageTakesTooLong() {
    assertRefusedBeforeAnythingIsMade(60, this::testOnWindows);
  }

  @Test
  void testsOnLinuxSayWhatTheImageTakesBeforeAnythingIsMade() {
    assertForecastBeforeAnythingIsMade(
        "1 machine, c7i.8xlarge: $1.44 an hour; how long the tests take is not known yet; before"
            + " that about 20 min and $0.11 to make image hg-linux-dev-debian12, which is missing",
        this::testOnLinux);
  }

  @Test
  void testsOnLinuxAreRefusedWhoseImageTakesTooLong() {
    assertRefusedBeforeAnythingIsMade(20, this::testOnLinux);
  }
}
