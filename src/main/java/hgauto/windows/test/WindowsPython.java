package hgauto.windows.test;

import hgauto.error.UsageException;
import hgauto.windows.WindowsDependencies;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The Python that tests run under on Windows.
 *
 * @param version such as {@code 3.9}
 * @param arch {@code x86} or {@code x64}
 */
public record WindowsPython(String version, String arch) {
  /**
   * What Mercurial's own continuous integration is set to run the tests under on Windows, see
   * {@code contrib/heptapod-ci.yml}; up to 7.2 it is supported.
   */
  public static final String DEFAULT_VERSION = "3.9";

  /** What most people have. */
  public static final String DEFAULT_ARCH = "x64";

  private static final Pattern VERSION = Pattern.compile("3\\.([5-9]|[1-9][0-9])");
  private static final Set<String> ARCHS = Set.of("x86", "x64");
  private static final Pattern FOLDER = Pattern.compile("python[0-9]+-x(86|64)");

  /** Refuses what cannot be. */
  public WindowsPython {
    if (version.equals("2.7")) {
      throw new UsageException(
          "tests cannot be run under Python 2.7",
          "what tells hgauto of their ends needs Python 3, which Mercurial supports since 5.2",
          "Use --python-version " + DEFAULT_VERSION + ".");
    }
    if (!VERSION.matcher(version).matches()) {
      throw new UsageException("there is no Python " + version, "", "Say one such as 3.9 or 3.14.");
    }
    if (!ARCHS.contains(arch)) {
      throw new UsageException(
          "tests cannot be run on the architecture '" + arch + "'",
          "the machines' processors are Intel's or AMD's",
          "Use --arch x64 or x86.");
    }
  }

  /** The folder below {@code C:\hgdev} that Mercurial's script installs it to. */
  String folder() {
    return "python" + version.replace(".", "") + "-" + arch;
  }

  /**
   * Refuses one that the machine would not have, before it costs anything.
   *
   * @throws UsageException if that script installs Pythons, as far as can be seen, but not this one
   */
  public void refuseMissing(WindowsDependencies dependencies) {
    if (dependencies.mention(FOLDER) && !dependencies.mention(Pattern.compile(folder() + "\\b"))) {
      throw new UsageException(
          "there is no Python " + version + " for " + arch + " on machines for this changeset",
          "its contrib/install-windows-dependencies.ps1 does not install " + folder(),
          "Look there for those that it does, and say one with --python-version and --arch.");
    }
  }

  @Override
  public String toString() {
    return version + "-" + arch;
  }
}
