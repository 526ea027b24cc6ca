package hgauto.task;

import static hgauto.windows.build.FakeBuildMachines.failing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import hgauto.aws.lease.LaunchTerms;
import hgauto.error.LeftoverException;
import hgauto.error.UsageException;
import hgauto.hg.Hg;
import hgauto.release.Artifact;
import hgauto.release.Manifest;
import hgauto.release.MercurialVersion;
import hgauto.state.StateFolder;
import hgauto.testbed.HgRepository;
import hgauto.testbed.Sleepless;
import hgauto.windows.build.Arch;
import hgauto.windows.build.FakeBuildMachines;
import hgauto.windows.build.PackageChoice;
import hgauto.windows.build.PackageKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** On machines in memory, and a real repository. */
@Timeout(60)
class BuildWindowsPackagesTest {
  private static final String WHEEL = "mercurial-7.2-cp314-cp314-win_amd64.whl";
  private static final String OTHER_WHEEL = "mercurial-7.2-cp39-cp39-win32.whl";
  private static final Optional<PackageChoice> ONE_WHEEL =
      Optional.of(new PackageChoice(PackageKind.WHEEL, List.of("3.14"), List.of(Arch.X64)));

  private static final Map<String, Double> PRICES = Map.of("t3.medium", 0.36, "m6i.large", 0.72);

  @TempDir private Path folder;
  private final Spoken spoken = new Spoken();
  private final Sleepless clock = new Sleepless();
  private final FakeBuildMachines fakes = new FakeBuildMachines();
  private final List<String> asked = new ArrayList<>();
  private HgRepository repository;
  private String node;
  private String told;

  @BeforeEach
  void makeCheckout() throws IOException {
    Path root = Files.createDirectory(folder.resolve("checkout"));
    repository = HgRepository.create(root);
    repository
        .write(".hgignore", "^dist/")
        .write("mercurial/commands.py", "")
        .write("pyproject.toml", "")
        .write("contrib/packaging/packaging.py", "")
        .write("contrib/packaging/hgpackaging/pyoxidizer.py", "");
    node = repository.commit("release 7.2");
    repository.hg("tag", "--local", "--rev=0", "7.2");
  }

  private final class Building {
    private Optional<MercurialVersion> version = Optional.empty();
    private Optional<PackageChoice> choice = Optional.empty();
    private String revision = "0";
    private boolean rebuild;
    private boolean json;
    private OptionalInt instances = OptionalInt.of(1);
    private Duration lifetime = Duration.ofHours(4);

    int run() throws InterruptedException {
      PackageMachines machines =
          (checkout, changeset, baseImage, terms, forecast) -> {
            asked.add(changeset.node() + " " + baseImage);
            told = forecast.words("t3.medium", Optional.of(PRICES.get("t3.medium")));
            return new PackageMachines.Ready(
                fakes, type -> Optional.ofNullable(PRICES.get(type)), Map.of());
          };
      return new BuildWindowsPackages(
              spoken.console(json),
              new Hg("hg").withoutUserConfig(),
              new StateFolder(folder.resolve("state")),
              machines,
              clock)
          .run(
              new BuildWindowsPackages.Request(
                  repository.root(),
                  revision,
                  version,
                  choice,
                  rebuild,
                  instances,
                  "WINDOWS-2022",
                  new LaunchTerms(Set.of(), Optional.empty(), lifetime, false)));
    }
  }

  private int build(Optional<PackageChoice> choice) throws InterruptedException {
    Building building = new Building();
    building.choice = choice;
    return building.run();
  }

  private Path dist(String name) {
    return repository.root().resolve("dist").resolve(name);
  }

  private List<String> builtFiles() {
    return fakes.done().stream()
        .filter(what -> what.startsWith("build "))
        .map(what -> what.replaceFirst("build \\d+ ", ""))
        .toList();
  }

  @Test
  void allPackagesOfAVersionComeToDistWithTheirManifest() throws Exception {
    assertThat(build(Optional.empty())).isZero();
    Manifest manifest = Manifest.read(dist("hgauto-7.2.json")).orElseThrow();
    assertThat(manifest.node()).isEqualTo(node);
    assertThat(manifest.artifacts())
        .hasSize(22)
        .allSatisfy(artifact -> assertThat(dist(artifact.name())).isRegularFile());
    assertThat(spoken.out())
        .contains("mercurial-7.2-x64.msi: built in 0 s, 0.0 MB\n")
        .endsWith(
            "version 7.2: 22 built, 0 there, 0 failed, in 0 s, about $0.00\n"
                + "manifest: "
                + dist("hgauto-7.2.json")
                + "\n");
    assertThat(asked).containsExactly(node + " WINDOWS-2022");
  }

  @Test
  void aSecondRunBuildsNothingAndAsksNobody() throws Exception {
    build(Optional.empty());
    asked.clear();
    assertThat(build(Optional.empty())).isZero();
    assertThat(asked).isEmpty();
    assertThat(builtFiles()).hasSize(22);
    assertThat(spoken.out()).contains("version 7.2: 0 built, 22 there, 0 failed, in 0 s\n");
  }

  @Test
  void aRunAfterOneThatHasFailedInPartCompletesIt() throws Exception {
    fakes.onBuild(OTHER_WHEEL, failing(1, "error C1083\n"));
    assertThat(build(Optional.empty())).isEqualTo(1);
    assertThat(spoken.out())
        .contains(
            OTHER_WHEEL
                + ": failed after 0 s\n"
                + "  could not build "
                + OTHER_WHEEL
                + " on i-1\n"
                + "  its script ended with 1:\n"
                + "  error C1083\n"
                + "  All that it printed is in ")
        .contains("version 7.2: 21 built, 0 there, 1 failed");
    assertThat(build(Optional.empty())).isZero();
    assertThat(builtFiles()).hasSize(23).endsWith(OTHER_WHEEL);
    assertThat(spoken.out()).contains("version 7.2: 1 built, 21 there, 0 failed");
  }

  @Test
  void aPackageThatWasRemovedIsBuiltAgain() throws Exception {
    build(ONE_WHEEL);
    Files.delete(dist(WHEEL));
    build(ONE_WHEEL);
    assertThat(builtFiles()).containsExactly(WHEEL, WHEEL);
    assertThat(dist(WHEEL)).isRegularFile();
  }

  @Test
  void toRebuildIsToBuildWhatIsThereAndToKeepWhatWasNotAskedFor() throws Exception {
    build(Optional.empty());
    Building again = new Building();
    again.choice = ONE_WHEEL;
    again.rebuild = true;
    assertThat(again.run()).isZero();
    assertThat(builtFiles()).hasSize(23).endsWith(WHEEL);
    assertThat(Manifest.read(dist("hgauto-7.2.json")).orElseThrow().artifacts()).hasSize(22);
  }

  @Test
  void theLogOfEachPackageIsKept() throws Exception {
    fakes.onBuild(WHEEL, failing(0, "compiling\n"));
    assertThat(build(ONE_WHEEL)).isEqualTo(1); // it makes no file
    Path logs;
    try (Stream<Path> runs = Files.list(folder.resolve("state/results"))) {
      logs = runs.findFirst().orElseThrow();
    }
    assertThat(logs.getFileName().toString()).startsWith("packages-");
    assertThat(logs.resolve(WHEEL + ".log")).hasContent("compiling");
    assertThat(spoken.err()).contains("the log is " + logs.resolve(WHEEL + ".log"));
  }

  @Test
  void theForecastIsOfTheMachinesThatWereAskedFor() throws Exception {
    Building building = new Building();
    building.instances = OptionalInt.of(4);
    building.run();
    assertThat(spoken.err())
        .contains("version 7.2, changeset " + node.substring(0, 12) + ": release 7.2\n")
        .doesNotContain("warning: ");
    assertThat(told)
        .startsWith("22 packages on 4 machines, t3.medium: about ")
        .endsWith(" and $1.26, by guesses of what a build takes");
  }

  /** 18 wheels of 5 minutes and 4 installers of 25, and each machine takes 5 to start. */
  @Test
  void machinesAreAsManyAsAreWorthIt() throws Exception {
    Building building = new Building();
    building.instances = OptionalInt.empty();
    building.run();
    assertThat(told)
        .startsWith("22 packages on 8 machines, t3.medium: about 30 min and $1.38, by guesses");
  }

  @Test
  void aMachineOfAnotherTypeCostsWhatThatCosts() throws Exception {
    fakes.types.put(1, "m6i.large");
    fakes.onBuild(
        WHEEL,
        (machine, log) -> {
          clock.sleep(Duration.ofHours(1));
          return FakeBuildMachines.making(WHEEL).run(machine, log);
        });
    assertThat(build(ONE_WHEEL)).isZero();
    assertThat(spoken.out()).contains(", about $0.72\n");
  }

  @Test
  void withoutAVersionNothingIsAskedOrMade() throws Exception {
    repository.write("file", "").commit("later");
    Building building = new Building();
    building.revision = "tip";
    UsageException failure = catchThrowableOfType(UsageException.class, building::run);
    assertThat(failure.what()).endsWith(" is not known");
    assertThat(asked).isEmpty();
    assertThat(dist("")).doesNotExist();
  }

  @Test
  void whatHasNoTagGetsTheVersionThatIsSaid() throws Exception {
    String later = repository.write("file", "").commit("later");
    Building building = new Building();
    building.revision = "tip";
    building.version = Optional.of(MercurialVersion.of("7.3rc0"));
    building.choice = ONE_WHEEL;
    assertThat(building.run()).isZero();
    assertThat(Manifest.read(dist("hgauto-7.3rc0.json")).orElseThrow().node()).isEqualTo(later);
    assertThat(dist("mercurial-7.3rc0-cp314-cp314-win_amd64.whl")).isRegularFile();
    assertThat(spoken.err())
        .contains(
            "warning: how packages of 7.3rc0 are built is not known; it is done as for 7.2\n");
  }

  @Test
  void aVersionThatIsFarFromTheTagBeforeIsDoubted() throws Exception {
    Files.delete(repository.root().resolve(".hg/localtags")); // local ones do not count
    repository.hg("tag", "--rev=0", "7.2");
    Building building = new Building();
    building.revision = "tip";
    building.version = Optional.of(MercurialVersion.of("7.4"));
    building.choice = ONE_WHEEL;
    building.run();
    assertThat(spoken.err())
        .containsPattern("warning: the latest release before changeset \\w{12} is 7.2; ");
  }

  @Test
  void machinesThatEndBeforeThePackagesAreBuiltAreNotLaunched() {
    Building building = new Building();
    building.lifetime = Duration.ofHours(1);
    UsageException failure = catchThrowableOfType(UsageException.class, building::run);
    assertThat(failure).hasMessage("the machines would end before the packages are built");
    assertThat(failure.why())
        .isEqualTo("that may take 195 min, and a machine ends itself after 60 min");
    assertThat(asked).isEmpty();
    assertThat(dist("")).doesNotExist();
  }

  @Test
  void anotherProjectIsRefused() throws Exception {
    repository.hg("rename", "mercurial", "cvs");
    repository.commit("other");
    Building building = new Building();
    building.revision = "tip";
    assertThatExceptionOfType(UsageException.class)
        .isThrownBy(building::run)
        .withMessageEndingWith(" has no mercurial/commands.py");
  }

  @Test
  void thatWhatIsNotCommittedIsLeftOutIsSaid() throws Exception {
    repository.write("pyproject.toml", "changed");
    build(ONE_WHEEL);
    assertThat(spoken.err()).contains("warning: what is not committed is not in the packages\n");
  }

  @Test
  void aMachineThatCouldNotBeEndedIsTheErrorOnceThePackagesAreReported() {
    fakes.onClose(
        machine -> {
          throw new LeftoverException("i-1 may still be there", "", "End it.", null);
        });
    assertThatExceptionOfType(LeftoverException.class).isThrownBy(() -> build(ONE_WHEEL));
    assertThat(spoken.out()).contains("version 7.2: 1 built, 0 there, 0 failed");
  }

  @Test
  void aFaultOfOursIsReportedAndThrown() {
    fakes.onClose(
        machine -> {
          throw new IllegalArgumentException("a fault");
        });
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> build(ONE_WHEEL))
        .withRootCauseInstanceOf(IllegalArgumentException.class);
    assertThat(spoken.out()).contains("version 7.2: 1 built, 0 there, 0 failed");
  }

  @Test
  void jsonIsOneDocument() throws Exception {
    fakes.onBuild(OTHER_WHEEL, failing(1, ""));
    Building building = new Building();
    building.json = true;
    building.choice =
        Optional.of(
            new PackageChoice(PackageKind.WHEEL, List.of("3.9"), List.of(Arch.X86, Arch.ARM64)));
    assertThat(building.run()).isEqualTo(1);
    JsonObject report = JsonParser.parseString(spoken.out()).getAsJsonObject();
    assertThat(report.get("version").getAsString()).isEqualTo("7.2");
    assertThat(report.get("manifest").getAsString()).isEqualTo(dist("hgauto-7.2.json").toString());
    JsonObject failed = report.getAsJsonArray("packages").get(0).getAsJsonObject();
    assertThat(failed.get("file").getAsString()).isEqualTo(OTHER_WHEEL);
    assertThat(failed.get("result").getAsString()).isEqualTo("failed");
    assertThat(failed.get("exitCode").getAsInt()).isEqualTo(1);
    assertThat(failed.getAsJsonObject("failure").get("what").getAsString())
        .isEqualTo("could not build " + OTHER_WHEEL + " on i-1");
    JsonObject built = report.getAsJsonArray("packages").get(1).getAsJsonObject();
    Artifact artifact = Manifest.read(dist("hgauto-7.2.json")).orElseThrow().artifacts().get(0);
    assertThat(built.get("result").getAsString()).isEqualTo("built");
    assertThat(built.get("sha256").getAsString()).isEqualTo(artifact.sha256());
    assertThat(built.get("arch").getAsString()).isEqualTo("arm64");
  }
}
