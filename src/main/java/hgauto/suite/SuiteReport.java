package hgauto.suite;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import hgauto.error.EnvironmentException;
import hgauto.state.PrivateFiles;
import hgauto.state.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes {@code report.xml} and {@code report.json} of a run, on one machine or several. The first
 * is as run-tests.py's {@code --xunit} has it. The second is as its {@code --json} has it, but for
 * the {@code testreport =} that it begins with: it is JSON.
 *
 * <p>What the machines' reports say comes from submitted code. A report that is no report is left
 * out, and what is known of its tests otherwise stands for it.
 */
final class SuiteReport {
  static final String XUNIT = "report.xml";
  static final String JSON = "report.json";

  private static final Logger LOG = LoggerFactory.getLogger(SuiteReport.class);

  /** The largest report that is read, in characters; the whole suite failing stays far below it. */
  private static final int MAX_LENGTH = 32 << 20;

  private static final String BEFORE_JSON = "testreport =";

  private static final Map<String, String> JSON_WORDS =
      Map.of(TestEnd.OK, "success", TestEnd.FAILED, "failure", TestEnd.SKIPPED, "skip");

  private SuiteReport() {}

  /**
   * Keeps what run-tests.py has written on the one machine. What it has not is made up from what is
   * known of its tests, if there are any.
   *
   * @return why one or both cannot be written
   */
  static List<EnvironmentException> write(Path folder, SuiteOutcome one) {
    List<EnvironmentException> failures = new ArrayList<>();
    Optional<TestRun> run = one.findings().get(0).run();
    boolean known = !one.findings().get(0).ends().isEmpty();
    String xunit = run.map(TestRun::xunit).orElse("");
    String report = run.map(TestRun::report).orElse("");
    if (known || !xunit.isEmpty()) {
      write(folder.resolve(XUNIT), xunit.isEmpty() ? xunit(one.findings()) : xunit)
          .ifPresent(failures::add);
    }
    if (known || !report.isEmpty()) {
      write(folder.resolve(JSON), report.isEmpty() ? report(one.findings()) : json(report))
          .ifPresent(failures::add);
    }
    return failures;
  }

  /**
   * Merges what it has written on several.
   *
   * @return why one or both cannot be written
   */
  static List<EnvironmentException> merge(Path folder, SuiteOutcome several) {
    List<EnvironmentException> failures = new ArrayList<>();
    write(folder.resolve(XUNIT), xunit(several.findings())).ifPresent(failures::add);
    write(folder.resolve(JSON), report(several.findings())).ifPresent(failures::add);
    return failures;
  }

  private static String xunit(List<Findings> all) {
    XunitMerge merge = new XunitMerge();
    for (Findings some : all) {
      Set<String> added =
          some.run()
              .map(TestRun::xunit)
              .filter(SuiteReport::isRead)
              .map(merge::add)
              .orElse(Set.of());
      if (added.isEmpty()) {
        some.ends().forEach(merge::add);
      }
    }
    return merge.text();
  }

  private static String report(List<Findings> all) {
    Map<String, JsonElement> json = new TreeMap<>();
    for (Findings some : all) {
      Set<String> added =
          some.run()
              .map(TestRun::report)
              .filter(SuiteReport::isRead)
              .map(report -> add(report, json))
              .orElse(Set.of());
      for (TestEnd end : some.ends()) {
        if (added.isEmpty() && JSON_WORDS.containsKey(end.result())) {
          json.putIfAbsent(end.name(), json(end));
        }
      }
    }
    Gson pretty = new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();
    return pretty.toJson(json) + "\n";
  }

  private static boolean isRead(String report) {
    return report.length() <= MAX_LENGTH;
  }

  private static Set<String> add(String report, Map<String, JsonElement> all) {
    try {
      if (JsonParser.parseString(json(report)) instanceof JsonObject tests) {
        tests.asMap().forEach(all::putIfAbsent);
        return tests.keySet();
      }
      LOG.warn("a machine's report.json is not an object");
    } catch (JsonParseException | StackOverflowError e) {
      LOG.warn("a machine's report.json is not JSON", e);
    }
    return Set.of();
  }

  private static String json(String report) {
    return report.startsWith(BEFORE_JSON) ? report.substring(BEFORE_JSON.length()) : report;
  }

  private static JsonObject json(TestEnd end) {
    JsonObject test = new JsonObject();
    test.addProperty("result", JSON_WORDS.get(end.result()));
    if (end.hasRun()) {
      test.addProperty("time", String.format(Locale.ROOT, "%.3f", end.seconds()));
    }
    return test;
  }

  private static Optional<EnvironmentException> write(Path file, String text) {
    try {
      PrivateFiles.replace(file, text.getBytes(StandardCharsets.UTF_8));
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(
          new EnvironmentException(
              "cannot write the report " + file,
              Reason.of(e),
              "Free some space or mend the folder's permissions.",
              e));
    }
  }
}
