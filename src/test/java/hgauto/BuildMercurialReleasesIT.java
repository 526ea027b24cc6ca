package hgauto;

import static org.assertj.core.api.Assertions.assertThat;

import hgauto.release.Artifact;
import hgauto.release.Manifest;
import hgauto.testbed.HgRepository;
import hgauto.testbed.HgautoProgram;
import hgauto.testbed.HgautoProgram.Result;
import hgauto.testbed.Requires;
import hgauto.testbed.aws.AwsProxy;
import hgauto.testbed.windows.PackageFault;
import hgauto.windows.WindowsFingerprints;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * All packages of Mercurial's own source releases, in an account whose instances stand in for
 * Windows machines. What is built, and with which dependencies, is by the release's own files; the
 * packages are made up.
 */
@Timeout(600)
class BuildMercurialReleasesIT {
  private final AwsProxy aws = new AwsProxy();
  @TempDir private Path temp;
  private HgautoProgram hgauto;
  private HgRepository source;

  @BeforeEach
  void setUp() throws IOException {
    aws.withMachines(temp.resolve("machines"));
    hgauto = new HgautoProgram(Files.createDirectory(temp.resolve("hgauto")));
    aws.environment().forEach(hgauto::with);
  }

  @AfterEach
  void close() {
    aws.close();
  }

  /** A checkout of that release, which is tagged. */
  private void checkOut(String version) throws IOException, InterruptedException {
    Path release =
        Path.of(Requires.env("HGAUTO_MERCURIAL_RELEASES"), version, "mercurial-" + version);
    Path root = temp.resolve("source");
    new ProcessBuilder("cp", "-a", release.toString(), root.toString())
        .inheritIO()
        .start()
        .waitFor();
    source = HgRepository.create(root);
    source.commit("Mercurial " + version);
    source.hg("tag", "--user=ann", version);
    WindowsFingerprints.addImage(aws, source);
  }

  private String build(String version, int exitCode) throws Exception {
    Result result =
        hgauto.run(
            source.root(),
            "build-all-windows-packages",
            "--revision",
            version,
            "--version",
            version,
            "--instances",
            "2",
            "--ssh-from",
            "127.0.0.0/8");
    assertThat(result.exitCode()).as(result.err() + result.out()).isEqualTo(exitCode);
    return result.out();
  }

  /** One fails, another run completes it, and a third one has nothing to do. */
  private void assertBuilds(String version, List<String> packages) throws Exception {
    checkOut(version);
    String broken = packages.get(0);
    String others = Integer.toString(packages.size() - 1);
    aws.windows().breakBuild(broken, PackageFault.FAILS);
    assertThat(build(version, 1))
        .contains(
            broken + ": failed",
            "version " + version + ": " + others + " built, 0 there, 1 failed");
    aws.windows().mendBuilds();
    assertThat(build(version, 0)).contains(": 1 built, " + others + " there, 0 failed");
    aws.forgetCalls();
    assertThat(build(version, 0)).contains(": 0 built, " + packages.size() + " there, 0 failed");
    assertThat(aws.calls()).isEmpty();

    Path dist = source.root().resolve("dist");
    Manifest manifest = Manifest.read(dist.resolve("hgauto-" + version + ".json")).orElseThrow();
    assertThat(manifest.node()).isEqualTo(source.node(version));
    assertThat(manifest.artifacts())
        .extracting(Artifact::name)
        .containsExactlyInAnyOrderElementsOf(packages);
    try (Stream<Path> files = Files.list(dist)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .contains("hgauto-" + version + ".json")
          .containsAll(packages)
          .hasSize(packages.size() + 1);
    }
  }

  @Test
  void allPackagesOfARecentRelease() throws Exception {
    assertBuilds(
        "7.2.4",
        Stream.concat(
                Stream.of("39", "310", "311", "312", "313", "314")
                    .flatMap(
                        python ->
                            Stream.of("win32", "win_amd64", "win_arm64")
                                .map(
                                    platform ->
                                        "mercurial-7.2.4-cp%1$s-cp%1$s-%2$s.whl"
                                            .formatted(python, platform))),
                Stream.of(
                    "Mercurial-7.2.4-x86.exe",
                    "Mercurial-7.2.4-x64.exe",
                    "mercurial-7.2.4-x86.msi",
                    "mercurial-7.2.4-x64.msi"))
            .toList());
  }

  @Test
  void allPackagesOfAReleaseForBothPythons() throws Exception {
    assertBuilds(
        "5.8.1",
        Stream.concat(
                Stream.of("27-cp27m", "37-cp37m", "38-cp38", "39-cp39")
                    .flatMap(
                        python ->
                            Stream.of("win32", "win_amd64")
                                .map(
                                    platform ->
                                        "mercurial-5.8.1-cp%s-%s.whl".formatted(python, platform))),
                Stream.of("x86", "x64", "x86-python2", "x64-python2")
                    .flatMap(
                        of ->
                            Stream.of(
                                "Mercurial-5.8.1-" + of + ".exe",
                                "mercurial-5.8.1-" + of + ".msi")))
            .toList());
  }
}
