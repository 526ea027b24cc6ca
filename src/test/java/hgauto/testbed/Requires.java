package hgauto.testbed;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/**
 * What a test needs from the machine. Where it is missing, the test is skipped and says why; with
 * {@code HGAUTO_REQUIRE_ALL=1} in the environment, as in continuous integration, it fails, but for
 * {@link #jfs}.
 */
public final class Requires {
  private Requires() {}

  /** The program of that name on the PATH. */
  public static Path program(String name) {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() -> missing("there is no program " + name + " on the PATH"));
  }

  /** The value of that environment variable. */
  public static String env(String name) {
    return Optional.ofNullable(System.getenv(name))
        .filter(value -> !value.isBlank())
        .orElseThrow(() -> missing("the environment variable " + name + " is not set"));
  }

  /** Something that only trying it shows. */
  public static void that(boolean there, String reason) {
    if (!there) {
      throw missing(reason);
    }
  }

  /**
   * A kernel with jfs. This is the one thing that may be missing in continuous integration, too:
   * many kernels come without it, and nothing that is installed would change that.
   */
  public static void jfs() {
    Assumptions.assumeTrue(Kernel.has("jfs"), "the kernel of this machine has no jfs");
  }

  /** Throws what skips the test or fails it. */
  private static AssertionError missing(String reason) {
    Assumptions.assumeTrue("1".equals(System.getenv("HGAUTO_REQUIRE_ALL")), reason);
    return new AssertionError(reason);
  }
}
