package hgauto.suite;

import hgauto.error.EnvironmentException;
import hgauto.state.PrivateFiles;
import hgauto.state.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How long each test took in its last runs, five at most, in seconds, oldest first; as in the file
 * {@code .testtimes} that run-tests.py keeps.
 */
public record TestTimes(Map<String, List<Double>> seconds) {
  /** None known. */
  public static final TestTimes NONE = new TestTimes(Map.of());

  /** As many as run-tests.py keeps. */
  private static final int RUNS = 5;

  /** Mercurial has about a thousand tests, and some of them several cases. */
  private static final int MAX_TESTS = 10_000;

  /** Whatever says that a test took longer is wrong. */
  private static final double LONGEST = 24 * 60 * 60;

  private static final Pattern LINE = Pattern.compile("(\\S{1,255}) ([0-9. ]{1,255})");

  /** Keeps a sorted copy. */
  public TestTimes {
    SortedMap<String, List<Double>> copy = new TreeMap<>();
    seconds.forEach((name, times) -> copy.put(name, last(times)));
    seconds = Collections.unmodifiableSortedMap(copy);
  }

  /**
   * Reads the text of a {@code .testtimes}. It may come from a machine that ran submitted code:
   * what is no line of such a file is passed over, and so is what follows ten thousand tests.
   */
  public static TestTimes parse(String text) {
    Map<String, List<Double>> seconds = new TreeMap<>();
    text.lines()
        .map(LINE::matcher)
        .filter(Matcher::matches)
        .limit(MAX_TESTS)
        .forEach(
            line -> numbers(line.group(2)).ifPresent(some -> seconds.put(line.group(1), some)));
    return new TestTimes(seconds);
  }

  /** What {@link #write} kept; none if there is no such file, or it cannot be read. */
  public static TestTimes read(Path file) {
    try {
      return parse(Files.readString(file, StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      return NONE; // they only make the next run faster
    }
  }

  /**
   * Keeps them for the next time, in run-tests.py's own form.
   *
   * @throws EnvironmentException if that cannot be
   */
  public void write(Path file) {
    try {
      PrivateFiles.replace(file, format().getBytes(StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      throw new EnvironmentException(
          "cannot keep how long the tests took in " + file,
          Reason.of(e),
          "Free some space or mend the folder's permissions, or name another state folder with"
              + " --state-path.",
          e);
    }
  }

  /** The text of a {@code .testtimes}. */
  public String format() {
    return seconds.entrySet().stream()
        .map(test -> test.getKey() + " " + format(test.getValue()) + "\n")
        .collect(Collectors.joining());
  }

  /** How long the test is likely to take: the median, which one slow run does not change. */
  public OptionalDouble expected(String test) {
    return median(seconds.getOrDefault(test, List.of()));
  }

  /** With one more run of a test, the last one. */
  public TestTimes plus(String test, double took) {
    return with(test, append(seconds.getOrDefault(test, List.of()), took));
  }

  /**
   * With what a machine has found out.
   *
   * @param before what the machine was told
   * @param after what it made of that
   */
  public TestTimes plus(TestTimes before, TestTimes after) {
    Map<String, List<Double>> all = new TreeMap<>(seconds);
    after.seconds.forEach(
        (test, times) -> {
          if (!times.equals(before.seconds.get(test))) {
            all.put(test, times);
          }
        });
    return new TestTimes(all);
  }

  static OptionalDouble median(List<Double> numbers) {
    if (numbers.isEmpty()) {
      return OptionalDouble.empty();
    }
    double[] sorted = numbers.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int middle = sorted.length / 2;
    return OptionalDouble.of(
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2);
  }

  private TestTimes with(String test, List<Double> times) {
    Map<String, List<Double>> all = new TreeMap<>(seconds);
    all.put(test, times);
    return new TestTimes(all);
  }

  private static List<Double> append(List<Double> times, double another) {
    List<Double> all = new ArrayList<>(times);
    all.add(another);
    return all;
  }

  private static List<Double> last(List<Double> times) {
    return List.copyOf(times.subList(Math.max(0, times.size() - RUNS), times.size()));
  }

  private static Optional<List<Double>> numbers(String text) {
    try {
      List<Double> numbers = Arrays.stream(text.strip().split(" +")).map(Double::valueOf).toList();
      return numbers.stream().allMatch(number -> number <= LONGEST)
          ? Optional.of(numbers)
          : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static String format(List<Double> times) {
    return times.stream()
        .map(time -> String.format(Locale.ROOT, "%.3f", time))
        .collect(Collectors.joining(" "));
  }
}
