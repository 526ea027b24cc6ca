package hgauto.suite;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The arguments for run-tests.py, told apart into options and the names of tests, as far as its
 * option parser can be followed without being it.
 */
final class TestArguments {
  /** Options whose value, in the next argument, may look like the name of a test. */
  private static final Set<String> BEFORE_TEXT =
      Set.of("-k", "--keywords", "--blacklist", "--whitelist", "--test-list");

  private static final Set<String> ORDER = Set.of("--random", "--order-by-runtime");

  private static final String LIST = "--test-list";
  private static final Pattern TEST = Pattern.compile("(?:.*/)?(test-[^/]*\\.(?:t|py)(?:#[^/]*)?)");

  private final List<String> options = new ArrayList<>();
  private final Map<String, String> named = new HashMap<>();
  private boolean namesOthers;

  TestArguments(List<String> flags) {
    for (int place = 0; place < flags.size(); place++) {
      String flag = flags.get(place);
      boolean value = place > 0 && BEFORE_TEXT.contains(flags.get(place - 1));
      if (flag.equals(LIST) || (value && flags.get(place - 1).equals(LIST))) {
        namesOthers = true;
      } else if (flag.startsWith(LIST + "=")) {
        namesOthers = true;
      } else if (!value && TEST.matcher(flag).matches()) {
        named.put(TEST.matcher(flag).replaceFirst("$1"), flag);
      } else {
        options.add(flag);
      }
    }
  }

  /** The names of the tests that are named, without their cases; empty means all. */
  Set<String> named() {
    return named.keySet();
  }

  /** Whether more tests are named, in files that are on the other machine only. */
  boolean namesOthers() {
    return namesOthers;
  }

  /**
   * Whether there is something among the options that may name a folder of tests. run-tests.py
   * takes one for all the tests in it.
   */
  boolean mayNameFolder() {
    return options.stream().anyMatch(option -> !option.matches("-.*|[0-9.]+"));
  }

  /**
   * The arguments for these tests only, to be begun in this order unless others say otherwise.
   *
   * @param tests by the names that run-tests.py lists, which are without folders
   */
  List<String> inOrder(Collection<String> tests) {
    // Without this it sorts by size. Up to 6.9 it compares bytes with text, and so finds no times
    // and keeps our order; which is the same but for tests without times.
    List<String> arguments = only(tests);
    if (options.stream().noneMatch(ORDER::contains)) {
      arguments.add(0, "--order-by-runtime");
    }
    return arguments;
  }

  /**
   * The arguments for these tests only.
   *
   * @param tests by the names that run-tests.py lists, which are without folders
   */
  List<String> only(Collection<String> tests) {
    List<String> arguments = new ArrayList<>(options);
    tests.forEach(test -> arguments.add(folder(test) + test));
    return arguments;
  }

  private String folder(String test) {
    String given = named.getOrDefault(test, named.getOrDefault(test.replaceFirst("#.*", ""), ""));
    return given.substring(0, given.lastIndexOf('/') + 1);
  }
}
