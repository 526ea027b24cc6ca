package hgauto.suite;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes what run-tests.py prints on one of several machines. All of it goes into a file. The dots
 * and such are not for people; each failure is shown at once, as soon as it is whole; the summary
 * at the end is kept for the one of all machines.
 *
 * <p>What run-tests.py prints of a failure is the difference, and later, when the output of other
 * tests may have come in between, "ERROR: test-x.t output changed".
 */
final class ShardOutput extends OutputStream {
  /** Enough of a line to tell what it is. */
  private static final int HEAD_BYTES = 4096;

  private static final Pattern PROGRESS =
      Pattern.compile(
          "[.!sitE]*(?: *\\[\\d+])?"
              + "|running \\d+ tests using \\d+ parallel processes ?"
              + "|installed Mercurial in [\\d.]+ seconds ?");

  private static final Pattern ERR = Pattern.compile("\\+\\+\\+ (?:.*/)?([^/]+)\\.err");
  private static final Pattern ERROR = Pattern.compile("ERROR: (.+) output changed");
  private static final Pattern ENTRY = Pattern.compile("(Skipped|Failed|Errored) (\\S+): .*");
  private static final Pattern TOTALS =
      Pattern.compile("# Ran (\\d{1,9}) tests, (\\d{1,9}) skipped, (\\d{1,9}) failed\\.");

  /**
   * What run-tests.py says it has come to.
   *
   * @param ran without those that were skipped
   * @param skipped with those that were ignored
   */
  record Totals(long ran, long skipped, long failed) {
    static final Totals NONE = new Totals(0, 0, 0);

    Totals plus(Totals other) {
      return new Totals(ran + other.ran, skipped + other.skipped, failed + other.failed);
    }
  }

  /** An entry of the summary: those of a kind stand together, by name. */
  record Entry(String kind, String test) implements Comparable<Entry> {
    private static final String ORDER = "Skipped Failed Errored";

    @Override
    public int compareTo(Entry other) {
      int byKind = Integer.compare(ORDER.indexOf(kind), ORDER.indexOf(other.kind));
      return byKind != 0 ? byKind : test.compareTo(other.test);
    }
  }

  private final ShardStream stream;
  private final String machine;
  private final Path file;
  private final Set<String> tests;
  private final OutputStream raw;

  private final byte[] head = new byte[HEAD_BYTES];
  private int headBytes;
  private long lineFrom;
  private long size;

  /** Failures of which the end has not come, by the test's name. */
  private final Map<String, Excerpt> failures = new LinkedHashMap<>();

  private final SortedMap<Entry, Excerpt> summary = new TreeMap<>();

  /** The difference that goes on in this line, or null. */
  private Excerpt difference;

  private Excerpt others;
  private Excerpt rest;

  /** The entry of the summary that goes on in this line, or null. */
  private Excerpt entry;

  private Totals totals;
  private String previous = "";
  private long previousFrom;

  /**
   * @param machine its name, for a person
   * @param file is appended to
   * @param tests the names of those that it is to run
   */
  ShardOutput(ShardStream stream, String machine, Path file, Set<String> tests) throws IOException {
    this.stream = stream;
    this.machine = machine;
    this.file = file;
    this.tests = tests;
    raw = Files.newOutputStream(file, StandardOpenOption.APPEND);
    size = Files.size(file);
    lineFrom = size;
    others = new Excerpt(file);
    rest = new Excerpt(file);
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    stream.note(() -> raw.write(bytes, offset, length));
    for (int from = offset; from < offset + length; ) {
      int to = from;
      while (to < offset + length && bytes[to] != '\n') {
        to++;
      }
      int kept = Math.min(to - from, HEAD_BYTES - headBytes);
      System.arraycopy(bytes, from, head, headBytes, kept);
      headBytes += kept;
      boolean whole = to < offset + length;
      size += to - from + (whole ? 1 : 0);
      if (whole) {
        line();
      }
      from = to + 1;
    }
    if (difference == null && !previous.startsWith("--- ")) {
      showOthers(); // nobody knows when more will come
    }
  }

  /** There is no more; what was not whole is shown as it is. */
  @Override
  public void close() throws IOException {
    stream.note(raw::close);
    if (size > lineFrom) {
      line();
    }
    showOthers();
    for (Excerpt failure : failures.values()) {
      show(failure);
    }
    failures.clear();
  }

  /** What it said at its end, if it came to its end. */
  Optional<Totals> totals() {
    return Optional.ofNullable(totals);
  }

  /** The entries of its summary, as they stand in the file. */
  SortedMap<Entry, Excerpt> summary() {
    return summary;
  }

  /** What it printed after its summary. */
  Excerpt rest() {
    return rest;
  }

  String machine() {
    return machine;
  }

  private void line() throws IOException {
    String text = new String(head, 0, headBytes, StandardCharsets.UTF_8);
    long from = lineFrom;
    lineFrom = size;
    headBytes = 0;
    if (totals != null) {
      rest.add(from, size);
    } else if (difference != null && !text.isEmpty() && " +-@\\".indexOf(text.charAt(0)) >= 0) {
      difference.add(from, size);
      begunDifference(text);
    } else {
      difference = null;
      outsideOfDifferences(text, from);
    }
    previous = text;
    previousFrom = from;
  }

  private void outsideOfDifferences(String text, long from) throws IOException {
    Matcher error = ERROR.matcher(text);
    if (error.matches() && tests.contains(error.group(1))) {
      Excerpt failure = failures.remove(error.group(1));
      failure = failure == null ? new Excerpt(file) : failure;
      failure.add(from, size);
      showOthers();
      show(failure);
    } else if (summarized(text, from)) {
      showOthers();
    } else if (!PROGRESS.matcher(text).matches()) {
      others.add(from, size);
      begunDifference(text);
    }
  }

  /** Whether the line belongs to the summary. */
  private boolean summarized(String text, long from) {
    Matcher begin = ENTRY.matcher(text);
    Matcher end = TOTALS.matcher(text);
    if (begin.matches() && tests.contains(begin.group(2))) {
      entry = new Excerpt(file);
      entry.add(from, size);
      summary.put(new Entry(begin.group(1), begin.group(2)), entry);
    } else if (end.matches()) {
      totals =
          new Totals(
              Long.parseLong(end.group(1)),
              Long.parseLong(end.group(2)),
              Long.parseLong(end.group(3)));
    } else if (entry != null) {
      entry.add(from, size); // such as a traceback
    } else {
      return false;
    }
    return true;
  }

  /**
   * If this is the second line of a difference, the first one is the one before it. That one may
   * have been taken for a part of the difference before, which may end in half a line.
   */
  private void begunDifference(String text) {
    Matcher err = ERR.matcher(text);
    if (previous.startsWith("--- ") && err.matches() && tests.contains(err.group(1))) {
      (difference == null ? others : difference).cut(previousFrom);
      difference = failures.computeIfAbsent(err.group(1), test -> new Excerpt(file));
      difference.add(previousFrom, size);
    }
  }

  private void showOthers() throws IOException {
    if (!others.isEmpty()) {
      show(others);
      others = new Excerpt(file);
    }
  }

  private void show(Excerpt excerpt) throws IOException {
    stream.show(machine, excerpt);
  }
}
