package hgauto.linux;

import hgauto.error.UsageException;
import java.util.List;
import java.util.Map;

/**
 * The Python that tests run under.
 *
 * @param name as people say it: {@code system3}, {@code 3.12}, {@code pypy3}
 */
public record PythonVersion(String name) {
  /** The system's own, whichever that is. */
  public static final String SYSTEM = "system3";

  private static final List<String> SUPPORTED =
      List.of(SYSTEM, "3.9", "3.10", "3.11", "3.12", "3.13", "3.14", "pypy3");

  /** What automation.py knew besides, and what to use instead. */
  private static final Map<String, String> GONE =
      Map.ofEntries(
          Map.entry("system2", SYSTEM),
          Map.entry("2.7", SYSTEM),
          Map.entry("3.5", "3.9"),
          Map.entry("3.6", "3.9"),
          Map.entry("3.7", "3.9"),
          Map.entry("3.8", "3.9"),
          Map.entry("pypy", "pypy3"),
          Map.entry("pypy3.5", "pypy3"),
          Map.entry("pypy3.6", "pypy3"));

  /**
   * Reads a name.
   *
   * @throws UsageException for any other
   */
  public static PythonVersion of(String name) {
    if (SUPPORTED.contains(name)) {
      return new PythonVersion(name);
    }
    if (GONE.containsKey(name)) {
      throw new UsageException(
          "there is no Python " + name + " any more",
          "Mercurial has not worked with it for years",
          "Use --python-version " + GONE.get(name) + ".");
    }
    throw new UsageException(
        "there is no Python " + name, "", "Use one of " + String.join(", ", SUPPORTED) + ".");
  }

  /** Where it is on a machine for tests. */
  public String path() {
    return switch (name) {
      case SYSTEM -> "/usr/bin/python3";
      case "pypy3" -> "/hgdev/pyenv/shims/pypy3";
      default -> "/hgdev/pyenv/shims/python" + name;
    };
  }

  @Override
  public String toString() {
    return name;
  }
}
