package hgauto.suite;

import hgauto.suite.ShardOutput.Entry;
import hgauto.suite.ShardOutput.Totals;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What run-tests.py says at its end, for all machines as if it had run on one. Where it came to no
 * end it has said nothing, so that part is made up from what is known of its tests.
 */
final class SuiteSummary {
  /** Writes an entry. */
  @FunctionalInterface
  private interface Text {
    void writeTo(OutputStream output) throws IOException;
  }

  private final SortedMap<Entry, Text> entries = new TreeMap<>();
  private final List<ShardRun> runs;
  private final List<String> withoutVerdict;

  /**
   * @param withoutVerdict the names of tests that no machine has brought to an end
   */
  SuiteSummary(List<ShardRun> runs, List<String> withoutVerdict) {
    this.runs = runs;
    this.withoutVerdict = withoutVerdict;
    for (ShardRun run : runs) {
      run.output().summary().forEach((entry, text) -> entries.putIfAbsent(entry, text::copyTo));
      if (run.output().totals().isEmpty()) {
        run.findings().ends().forEach(this::makeUp);
      }
    }
  }

  void writeTo(OutputStream output) throws IOException {
    line(output, "");
    for (Text text : entries.values()) {
      text.writeTo(output);
    }
    for (String test : withoutVerdict) {
      line(output, "No verdict " + test + ": it came to no end");
    }
    Totals totals = totals();
    line(
        output,
        "# Ran %d tests, %d skipped, %d failed."
            .formatted(totals.ran(), totals.skipped(), totals.failed()));
    for (ShardRun run : runs) {
      if (!run.output().rest().isEmpty()) {
        line(output, "# " + run.output().machine() + ":");
        run.output().rest().copyTo(output);
      }
    }
  }

  private void makeUp(TestEnd end) {
    String words =
        switch (end.result()) {
          case TestEnd.FAILED -> "Failed " + end.name() + ": (run-tests.py came to no end there)";
          case TestEnd.SKIPPED -> "Skipped " + end.name() + ": (run-tests.py came to no end there)";
          default -> "";
        };
    if (!words.isEmpty()) {
      Entry entry = new Entry(words.substring(0, words.indexOf(' ')), end.name());
      entries.putIfAbsent(entry, output -> line(output, words));
    }
  }

  private Totals totals() {
    return runs.stream()
        .map(run -> run.output().totals().orElseGet(() -> counted(run.findings().ends())))
        .reduce(Totals.NONE, Totals::plus);
  }

  private static Totals counted(List<TestEnd> ends) {
    long ran = ends.stream().filter(TestEnd::hasRun).count();
    long failed = ends.stream().filter(TestEnd::isFailed).count();
    return new Totals(ran, ends.size() - ran, failed);
  }

  private static void line(OutputStream output, String text) throws IOException {
    output.write((text + "\n").getBytes(StandardCharsets.UTF_8));
  }
}
