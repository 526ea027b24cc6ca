package hgauto.windows.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import hgauto.error.UsageException;
import hgauto.release.MercurialVersion;
import hgauto.testbed.Requires;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BuildMatrixTest {
  private static BuildMatrix matrix(String version) {
    return BuildMatrix.of(MercurialVersion.of(version), file -> true);
  }

  private static List<String> names(List<PackageBuild> builds) {
    return builds.stream().map(PackageBuild::fileName).toList();
  }

  private static PackageChoice choice(PackageKind kind, List<String> pythons, Arch... archs) {
    return new PackageChoice(kind, pythons, List.of(archs));
  }

  /** These names are what automation.py of 5.8 publishes. */
  @Test
  void of5Point8ThereAreThe16FilesOfItsTime() {
    assertThat(names(matrix("5.8").builds()))
        .containsExactlyInAnyOrder(
            "mercurial-5.8-cp27-cp27m-win32.whl",
            "mercurial-5.8-cp27-cp27m-win_amd64.whl",
            "mercurial-5.8-cp37-cp37m-win32.whl",
            "mercurial-5.8-cp37-cp37m-win_amd64.whl",
            "mercurial-5.8-cp38-cp38-win32.whl",
            "mercurial-5.8-cp38-cp38-win_amd64.whl",
            "mercurial-5.8-cp39-cp39-win32.whl",
            "mercurial-5.8-cp39-cp39-win_amd64.whl",
            "Mercurial-5.8-x86.exe",
            "Mercurial-5.8-x64.exe",
            "Mercurial-5.8-x86-python2.exe",
            "Mercurial-5.8-x64-python2.exe",
            "mercurial-5.8-x86.msi",
            "mercurial-5.8-x64.msi",
            "mercurial-5.8-x86-python2.msi",
            "mercurial-5.8-x64-python2.msi");
  }

  @Test
  void of7Point2ThereAreWheelsForSixPythonsOnThreeArchitectures() {
    assertThat(names(matrix("7.2.1").builds()))
        .hasSize(22)
        .contains(
            "mercurial-7.2.1-cp39-cp39-win32.whl",
            "mercurial-7.2.1-cp314-cp314-win_amd64.whl",
            "mercurial-7.2.1-cp314-cp314-win_arm64.whl",
            "Mercurial-7.2.1-x64.exe",
            "mercurial-7.2.1-x86.msi");
  }

  /** Gson leaves out what the file lacks, and says nothing. */
  @ParameterizedTest
  @CsvSource({
    "5.0, 16", "6.1, 16", "6.2, 12", "6.8, 12", "6.9, 19", "7.0, 19", "7.1, 19", "8.0, 22"
  })
  void eachSeriesIsKnownWhole(String version, int packages) {
    assertThat(matrix(version).builds())
        .hasSize(packages)
        .doesNotHaveDuplicates()
        .allSatisfy(
            build -> {
              assertThat(build).hasNoNullFieldsOrProperties();
              assertThat(build.builder()).isIn("pip", "cibuildwheel", "py2exe", "pyoxidizer");
              assertThat(build.expected()).isPositive();
            });
    assertThat(names(matrix(version).builds())).doesNotHaveDuplicates();
  }

  /** What the release says itself of its wheels. */
  @Test
  void theWheelsOf6Point9AreThoseOfItsOwnScript() throws IOException {
    Path source = Path.of(Requires.env("HGAUTO_MERCURIAL_SOURCE"));
    String script = Files.readString(source.resolve("contrib/packaging/build-windows-wheels.bat"));
    List<String> theirs = new ArrayList<>();
    Matcher step = Pattern.compile("set CIBW_ARCHS=(.*)\\s+set CIBW_BUILD=(.*)").matcher(script);
    while (step.find()) {
      for (String arch : step.group(1).strip().split(" ", -1)) {
        for (String python : step.group(2).strip().split(" ", -1)) {
          theirs.add(python.replace("-*", "") + " " + arch);
        }
      }
    }
    BuildMatrix matrix =
        BuildMatrix.of(MercurialVersion.of("6.9.5"), file -> Files.exists(source.resolve(file)));
    assertThat(matrix.builds())
        .filteredOn(build -> build.kind() == PackageKind.WHEEL)
        .extracting(
            build ->
                PackageKind.wheelTag(build.python())
                    + " "
                    + (build.arch() == Arch.X86
                        ? "x86"
                        : build.arch() == Arch.X64 ? "AMD64" : "ARM64"))
        .containsExactlyInAnyOrderElementsOf(theirs);
    assertThat(matrix.builds()).filteredOn(build -> build.kind() != PackageKind.WHEEL).hasSize(4);
  }

  /** Before these files there were installers, of other names, made in another way. */
  @ParameterizedTest
  @ValueSource(strings = {"packaging/packaging.py", "hgpackaging/pyoxidizer.py"})
  void beforeTheFilesThatBuildThemThereAreNoInstallers(String without) {
    BuildMatrix matrix =
        BuildMatrix.of(MercurialVersion.of("5.1"), file -> !file.endsWith(without));
    assertThat(matrix.builds()).hasSize(8).extracting(PackageBuild::builder).containsOnly("pip");
  }

  @Test
  void withoutAnyOfTheFilesNothingIsLaunched() {
    UsageException failure =
        catchThrowableOfType(
            UsageException.class, () -> BuildMatrix.of(MercurialVersion.of("7.2"), file -> false));
    assertThat(failure).hasMessage("there are no packages of this changeset as version 7.2");
    assertThat(failure.why()).isEqualTo("it lacks contrib/packaging/packaging.py, pyproject.toml");
  }

  @Test
  void ofThoseFilesOnlyTheOnesAreNamedThatAreMissing() {
    UsageException failure =
        catchThrowableOfType(
            UsageException.class,
            () ->
                BuildMatrix.of(MercurialVersion.of("7.2"), file -> file.endsWith("packaging.py")));
    assertThat(failure.why())
        .isEqualTo("it lacks contrib/packaging/hgpackaging/pyoxidizer.py, pyproject.toml");
  }

  @Test
  void olderVersionsAreRefused() {
    UsageException failure = catchThrowableOfType(UsageException.class, () -> matrix("4.9.1"));
    assertThat(failure).hasMessage("packages of Mercurial 4.9.1 cannot be built");
    assertThat(failure.why()).isEqualTo("how that is done is known from 5.0 on");
  }

  @Test
  void aChoiceIsEachPythonOnEachArchitecture() {
    assertThat(
            names(
                matrix("7.2")
                    .chosen(
                        choice(PackageKind.WHEEL, List.of("3.9", "3.10"), Arch.X86, Arch.ARM64))))
        .containsExactly(
            "mercurial-7.2-cp39-cp39-win32.whl",
            "mercurial-7.2-cp39-cp39-win_arm64.whl",
            "mercurial-7.2-cp310-cp310-win32.whl",
            "mercurial-7.2-cp310-cp310-win_arm64.whl");
  }

  @Test
  void withoutAPythonItIsTheNewest() {
    assertThat(names(matrix("7.2").chosen(choice(PackageKind.WHEEL, List.of(), Arch.X64))))
        .containsExactly("mercurial-7.2-cp314-cp314-win_amd64.whl");
    assertThat(names(matrix("5.8").chosen(choice(PackageKind.WIX, List.of(), Arch.X64))))
        .containsExactly("mercurial-5.8-x64.msi");
  }

  /** hg.exe, which py2exe leaves in dist, is none. */
  @Test
  void aPackageIsToldFromWhatElseABuildLeaves() {
    for (String version : List.of("5.8", "7.2")) {
      assertThat(matrix(version).builds())
          .allSatisfy(
              build -> {
                PathMatcher pattern =
                    FileSystems.getDefault().getPathMatcher("glob:" + build.kind().pattern());
                assertThat(pattern.matches(Path.of(build.fileName()))).isTrue();
                assertThat(pattern.matches(Path.of("hg.exe"))).isFalse();
              });
    }
  }

  @Test
  void whatIsNamedTwiceIsBuiltOnce() {
    assertThat(
            matrix("7.2").chosen(choice(PackageKind.INNO, List.of("3", "3"), Arch.X64, Arch.X64)))
        .hasSize(1);
  }

  @Test
  void whatAVersionDoesNotHaveIsRefusedWithWhatItHas() {
    UsageException failure =
        catchThrowableOfType(
            UsageException.class,
            () ->
                matrix("6.9")
                    .chosen(choice(PackageKind.WHEEL, List.of("3.9"), Arch.X64, Arch.ARM64)));
    assertThat(failure).hasMessage("there is no wheel for Python 3.9 on arm64 of Mercurial 6.9");
    assertThat(failure.why())
        .isEqualTo(
            "there is one for 3.8, 3.9, 3.10 on x86, x64; for 3.11, 3.12, 3.13 on x86, x64, arm64");
  }

  @Test
  void aKindThatAChangesetLacksIsRefused() {
    BuildMatrix matrix =
        BuildMatrix.of(MercurialVersion.of("7.2"), Set.of("pyproject.toml")::contains);
    UsageException failure =
        catchThrowableOfType(
            UsageException.class,
            () -> matrix.chosen(choice(PackageKind.INNO, List.of("3"), Arch.X64)));
    assertThat(failure)
        .hasMessage("there is no Inno Setup installer of this changeset as version 7.2");
  }

  @Test
  void theScriptIsToldAllThatItNeeds() {
    PackageBuild wheel =
        matrix("7.2").chosen(choice(PackageKind.WHEEL, List.of("3.9"), Arch.ARM64)).get(0);
    assertThat(wheel.script()).isEqualTo("build-wheel.ps1");
    assertThat(wheel.parameters("0a1b").get("identifier").getAsString())
        .isEqualTo("cp39-win_arm64");
    assertThat(wheel.parameters("0a1b").get("requirements").getAsString())
        .contains("cibuildwheel==", "--hash=sha256:");
    PackageBuild installer =
        matrix("5.8").chosen(choice(PackageKind.WIX, List.of("2"), Arch.X86)).get(0);
    assertThat(installer.script()).isEqualTo("build-installer.ps1");
    assertThat(installer.parameters("0a1b"))
        .hasToString(
            "{\"node\":\"0a1b\",\"version\":\"5.8\",\"kind\":\"wix\",\"builder\":\"py2exe\","
                + "\"arch\":\"x86\",\"runUnder\":\"3.7\","
                + "\"output\":\"C:\\\\hgdev\\\\packages\\\\mercurial-5.8-x86-python2.msi\","
                + "\"pattern\":\"mercurial-*.msi\"}");
    assertThat(installer.remote("x.msi"))
        .isEqualTo("/C:/hgdev/packages/mercurial-5.8-x86-python2.msi/x.msi");
  }
}
