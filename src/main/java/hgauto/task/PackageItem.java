package hgauto.task;

import hgauto.error.HgautoException;
import hgauto.release.Artifact;
import hgauto.windows.build.PackageBuild;
import hgauto.windows.build.PackageResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What became of one package.
 *
 * @param file its name in {@code dist/}
 * @param kind {@code wheel}, {@code inno} or {@code wix}
 * @param result {@code there}, {@code built} or {@code failed}
 * @param size in bytes; 0 if it failed
 * @param sha256 null if it failed
 * @param seconds how long it took to build it, or to fail; of one that was there, when it was built
 * @param log the file with what its build printed; null if it was never begun
 * @param exitCode of the failure; 0 if there was none
 * @param failure null if there was none
 */
record PackageItem(
    String file,
    String kind,
    String python,
    String arch,
    String result,
    long size,
    String sha256,
    long seconds,
    String log,
    int exitCode,
    ImageItem.Failure failure) {
  private static final String THERE = "there";
  private static final String BUILT = "built";
  private static final String FAILED = "failed";
  private static final double MEGABYTE = 1e6;

  /** What the command's exit code is then. */
  private static final int BUG = 70;

  static PackageItem there(PackageBuild build, Artifact artifact) {
    return whole(build, THERE, artifact);
  }

  static PackageItem of(PackageResult result) {
    return result
        .artifact()
        .map(artifact -> whole(result.build(), BUILT, artifact))
        .orElseGet(() -> failed(result));
  }

  private static PackageItem whole(PackageBuild build, String result, Artifact artifact) {
    return new PackageItem(
        artifact.name(),
        build.kind().toString(),
        build.python(),
        build.arch().toString(),
        result,
        artifact.size(),
        artifact.sha256(),
        artifact.seconds(),
        artifact.log(),
        0,
        null);
  }

  private static PackageItem failed(PackageResult result) {
    PackageBuild build = result.build();
    Throwable failure = result.failure().orElseThrow();
    return new PackageItem(
        build.fileName(),
        build.kind().toString(),
        build.python(),
        build.arch().toString(),
        FAILED,
        0,
        null,
        result.took().toSeconds(),
        result.log().map(Path::toString).orElse(null),
        failure instanceof HgautoException told ? told.exitCode() : BUG,
        ImageItem.Failure.of(failure));
  }

  boolean wasThere() {
    return result.equals(THERE);
  }

  boolean isBuilt() {
    return result.equals(BUILT);
  }

  boolean hasFailed() {
    return result.equals(FAILED);
  }

  /** For a person. */
  List<String> lines() {
    if (!hasFailed()) {
      String megabytes = String.format(Locale.ROOT, "%.1f MB", size / MEGABYTE);
      return List.of(
          wasThere()
              ? file + ": was there, " + megabytes
              : file + ": built in " + ImageItem.time(seconds) + ", " + megabytes);
    }
    List<String> lines = new ArrayList<>();
    lines.add(file + ": failed after " + ImageItem.time(seconds));
    Stream.of(failure.what(), failure.why(), failure.next())
        .flatMap(String::lines)
        .forEach(text -> lines.add("  " + text));
    if (log != null && lines.stream().noneMatch(line -> line.contains(log))) {
      lines.add("  All that it printed is in " + log + ".");
    }
    return lines;
  }
}
