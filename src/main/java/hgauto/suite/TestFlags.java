package hgauto.suite;

import hgauto.error.UsageException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Flags for run-tests.py, and what follows from them. They are read as its argparse does: long ones
 * may be cut short and have their value behind {@code =}, short ones may stand together.
 */
public final class TestFlags {
  private static final String OURS = "hgauto gives it itself, and keeps what it makes";
  private static final String NO_TERMINAL = "run-tests.py has no terminal there";
  private static final String NO_RESULTS = "results of an earlier run are not there";

  /** What cannot work, and why. */
  private static final Map<String, String> REFUSED =
      Map.of(
          "--outputdir", OURS,
          "--xunit", OURS,
          "--json", OURS,
          "--interactive", NO_TERMINAL,
          "--view", NO_TERMINAL,
          "--retest", NO_RESULTS,
          "--restart", NO_RESULTS,
          "--list-tests", "tests are to be run, and not only listed");

  /** With these it does not want {@code --local}. */
  private static final List<String> CHOOSING_HG =
      List.of(
          "--with-hg",
          "--with-chg",
          "--with-rhg",
          "--hg-wheel",
          "--chg",
          "--rhg",
          "--pyoxidized",
          "--annotate",
          "--cover",
          "--htmlcov");

  private static final Map<Character, String> SHORT =
      Map.of(
          'i', "--interactive",
          'r', "--retest",
          'R', "--restart",
          'l', "--local",
          'C', "--annotate",
          'c', "--cover",
          'H', "--htmlcov");

  /** The short ones that are followed by a value. */
  private static final String WITH_VALUE = "kjpt";

  /** Fewer letters stand for several flags. */
  private static final int SHORTEST = "--x".length();

  /** How Python declares a flag: with its names first. */
  private static final Pattern DECLARATION =
      Pattern.compile("add_(?:argument|option)\\(\\s*((?:[\"']-[^\"']+[\"']\\s*,?\\s*)+)");

  private static final Pattern QUOTED = Pattern.compile("[\"'](-[^\"']+)[\"']");

  private final List<String> given;
  private final List<String> names;

  private TestFlags(List<String> given) {
    this.given = List.copyOf(given);
    this.names = names(given);
  }

  /**
   * Reads them.
   *
   * @throws UsageException if one cannot work on another machine
   */
  public static TestFlags of(List<String> given) {
    TestFlags flags = new TestFlags(given);
    REFUSED.forEach(
        (name, why) -> {
          if (flags.has(name)) {
            throw new UsageException("run-tests.py cannot be given " + name, why, "Leave it out.");
          }
        });
    return flags;
  }

  /**
   * Refuses what run-tests.py would refuse, before a machine costs anything.
   *
   * @param script the text of run-tests.py. It is only read: whoever tests somebody else's
   *     changeset on another machine does not want that to run on this one
   * @throws UsageException if it has no such flag
   */
  public void refuseUnknown(String script) {
    Set<String> known = new HashSet<>(Set.of("-h", "--help")); // argparse's own
    DECLARATION.matcher(script).results().forEach(it -> addNames(it.group(1), known));
    if (!known.contains("--jobs") || script.contains("BooleanOptionalAction")) {
      return; // it declares some in a way that we do not know
    }
    for (String flag : flags()) {
      boolean unknown =
          flag.startsWith("--")
              ? known.stream().noneMatch(name -> name.startsWith(flag))
              : !known.contains(flag.substring(0, 2));
      if (unknown) {
        throw new UsageException(
            "run-tests.py of that changeset has no flag " + flag,
            "",
            "Mend the flags for it; tests/run-tests.py --help lists those that there are.");
      }
    }
  }

  private static void addNames(String declared, Set<String> known) {
    QUOTED.matcher(declared).results().forEach(name -> known.add(name.group(1)));
  }

  /** The words that argparse takes for flags, without values; negative numbers are none. */
  private List<String> flags() {
    return given.stream()
        .takeWhile(word -> !word.equals("--"))
        .filter(word -> word.matches("-[^\\d\\s]\\S*"))
        .map(word -> word.startsWith("--") ? word.replaceFirst("=.*", "") : word)
        .toList();
  }

  /** As they were given. */
  public List<String> given() {
    return given;
  }

  /** Whether they divide the tests. */
  public boolean divide() {
    return has("--shard-total") || has("--shard-index");
  }

  /** Whether they run a test more than once, so that its first end is not its last. */
  public boolean repeat() {
    return has("--loop") || has("--runs-per-test");
  }

  /**
   * What {@code make} is to be called with before the tests run; empty where they bring an hg of
   * their own.
   */
  public List<String> makeArguments() {
    if (choosesHg()) {
      return List.of();
    }
    List<String> arguments = new ArrayList<>(List.of("local"));
    if (has("--pure")) {
      arguments.add("PURE=--pure");
    }
    if (has("--rust")) {
      arguments.add("HGWITHRUSTEXT=cpython");
    }
    return arguments;
  }

  /** Whether they say already which hg is tested. */
  public boolean choosesHg() {
    return CHOOSING_HG.stream().anyMatch(this::has);
  }

  private boolean has(String name) {
    return names.stream()
        .anyMatch(
            given -> given.equals(name) || (given.length() >= SHORTEST && name.startsWith(given)));
  }

  /** The long names, which may be cut short. */
  private static List<String> names(List<String> given) {
    List<String> names = new ArrayList<>();
    for (String word : given) {
      if (word.equals("--")) {
        break; // what follows are tests
      }
      if (word.startsWith("--")) {
        names.add(word.replaceFirst("=.*", ""));
      } else if (word.startsWith("-")) {
        for (char letter : word.substring(1).toCharArray()) {
          if (SHORT.containsKey(letter)) {
            names.add(SHORT.get(letter));
          }
          if (WITH_VALUE.indexOf(letter) >= 0) {
            break;
          }
        }
      }
    }
    return names;
  }
}
