package hgauto.suite;

import hgauto.suite.Division.Part;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a run will take, by what its tests took before.
 *
 * @param machines how many are of use: where it is known that there are fewer tests than machines,
 *     as many as tests
 * @param tests of how many tests it is known
 * @param takes how long all tests take; empty if nothing is known, or not how many run at once
 * @param oneByOne how long they would take one after another, on the machine that takes longest
 */
public record Forecast(int machines, int tests, Optional<Duration> takes, Duration oneByOne) {
  /** From the order to the first test, by a guess: a host is there, Mercurial is built on it. */
  private static final Duration SETUP_OF_HOSTS = Duration.ofMinutes(1);

  private static final double SECONDS_AN_HOUR = 3600;
  private static final double MILLIS = 1000;
  private static final double LEAST_DOLLARS = 0.01;

  private static final Pattern JOBS = Pattern.compile("(?:-j|--jobs=)(\\d{1,4})");
  private static final Set<String> JOBS_FLAGS = Set.of("-j", "--jobs");

  /**
   * Reckons.
   *
   * @param flags for run-tests.py
   * @param machines how many were asked for
   * @param processors of a machine, which is how many tests run-tests.py runs at once unless the
   *     flags say how many; empty if it is not known
   */
  public static Forecast of(
      List<String> flags, int machines, TestTimes times, OptionalInt processors) {
    TestArguments arguments = new TestArguments(flags);
    boolean all = arguments.named().isEmpty() || arguments.namesOthers();
    List<String> tests = new ArrayList<>();
    boolean countIsKnown = !all && !arguments.mayNameFolder();
    for (String name : all ? Set.<String>of() : arguments.named()) {
      List<String> cases = cases(name, times);
      countIsKnown &= !cases.isEmpty() || !name.endsWith(".t");
      tests.addAll(cases.isEmpty() ? List.of(name) : cases);
    }
    if (all) {
      tests.addAll(times.seconds().keySet());
    }
    int useful = countIsKnown ? Math.min(machines, tests.size()) : machines;
    int known = (int) tests.stream().filter(test -> times.expected(test).isPresent()).count();
    OptionalInt jobs = jobs(flags, processors);
    return new Forecast(
        useful,
        known,
        known == 0 || jobs.isEmpty()
            ? Optional.empty()
            : Optional.of(takes(tests, useful, times, jobs.getAsInt())),
        takes(tests, useful, times, 1));
  }

  /**
   * For a person: "4 machines, c7i.8xlarge: about 3 min (set-up taken for 1 min) and $0.30, by what
   * 912 tests took before".
   *
   * @param perHour dollars for a machine; empty if that is not known
   * @param spot whether it is spare capacity, which costs no more than the price on demand
   * @param setup from the order to the first test, by a guess
   */
  public String words(String type, Optional<Double> perHour, boolean spot, Duration setup) {
    String atMost = spot ? "at most " : "";
    String begin = number(machines, "machine") + ", " + type + ": ";
    if (takes.isEmpty()) {
      return begin
          + perHour
              .map(dollars -> atMost + dollars(dollars * machines) + " an hour")
              .orElse("price not known")
          + "; how long the tests take is not known yet";
    }
    Duration time = takes.get().plus(setup);
    double hours = time.toSeconds() / SECONDS_AN_HOUR;
    return begin
        + "about "
        + words(time)
        + assumed(setup)
        + perHour
            .map(dollars -> " and " + atMost + dollars(dollars * machines * hours))
            .orElse(", price not known")
        + known();
  }

  /** The same for machines that cost nothing, and are there already. */
  public String wordsForHosts() {
    String begin = number(machines, "host") + ": ";
    if (tests == 0) {
      return begin + "how long the tests take is not known yet";
    }
    return begin
        + takes
            .map(time -> "about " + words(time.plus(SETUP_OF_HOSTS)) + assumed(SETUP_OF_HOSTS))
            .orElse(
                "about " + words(oneByOne) + " of tests on each, divided by how many run at once")
        + known();
  }

  private static String assumed(Duration setup) {
    return " (set-up taken for " + setup.toMinutes() + " min)";
  }

  private String known() {
    return ", by what " + number(tests, "test") + " took before";
  }

  private static String number(int number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }

  /** The test itself, or its cases; as far as they are known. */
  private static List<String> cases(String name, TestTimes times) {
    return times.seconds().keySet().stream()
        .filter(test -> test.equals(name) || test.startsWith(name + "#"))
        .collect(Collectors.toList());
  }

  private static OptionalInt jobs(List<String> flags, OptionalInt processors) {
    OptionalInt jobs = processors;
    for (int place = 0; place < flags.size(); place++) {
      Matcher joined = JOBS.matcher(flags.get(place));
      boolean value = place > 0 && JOBS_FLAGS.contains(flags.get(place - 1));
      if (joined.matches()) {
        jobs = OptionalInt.of(Integer.parseInt(joined.group(1)));
      } else if (value && flags.get(place).matches("\\d{1,4}")) {
        jobs = OptionalInt.of(Integer.parseInt(flags.get(place)));
      }
    }
    return jobs.orElse(0) > 0 ? jobs : OptionalInt.empty();
  }

  private static Duration takes(List<String> tests, int machines, TestTimes times, int jobs) {
    double most = 0;
    for (Part part : Division.of(tests, machines, times)) {
      double longest = times.expected(part.tests().get(0)).orElse(0);
      most = Math.max(most, Math.max(longest, part.seconds() / jobs));
    }
    return Duration.ofMillis(Math.round(most * MILLIS));
  }

  private static String words(Duration time) {
    return time.compareTo(Duration.ofMinutes(2)) < 0
        ? time.toSeconds() + " s"
        : Math.round(time.toSeconds() / 60.0) + " min";
  }

  private static String dollars(double dollars) {
    return dollars < LEAST_DOLLARS
        ? "less than $0.01"
        : String.format(Locale.ROOT, "$%.2f", dollars);
  }
}
