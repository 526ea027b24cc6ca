package hgauto.windows.build;

import hgauto.release.Artifact;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What became of a package that was to be built.
 *
 * @param artifact empty if it failed
 * @param failure why it failed; a fault of ours if it is no {@link hgauto.error.HgautoException}
 * @param took how long its build took, or took to fail
 * @param log what its build printed; empty if it was never begun
 */
public record PackageResult(
    PackageBuild build,
    Optional<Artifact> artifact,
    Optional<Throwable> failure,
    Duration took,
    Optional<Path> log) {
  static PackageResult built(PackageBuild build, Artifact artifact, Duration took, Path log) {
    return new PackageResult(
        build, Optional.of(artifact), Optional.empty(), took, Optional.of(log));
  }

  static PackageResult failed(PackageBuild build, Throwable failure, Duration took, Path log) {
    return new PackageResult(build, Optional.empty(), Optional.of(failure), took, Optional.of(log));
  }

  static PackageResult notBegun(PackageBuild build, Throwable failure) {
    return new PackageResult(
        build, Optional.empty(), Optional.of(failure), Duration.ZERO, Optional.empty());
  }
}
