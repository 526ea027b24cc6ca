package hgauto.linux;

import hgauto.error.EnvironmentException;
import hgauto.machine.BoundedOutput;
import hgauto.machine.Command;
import hgauto.machine.Lines;
import hgauto.resource.Resource;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files that run-tests.py leaves; a text is empty where there is no such file, or it has more
 * than 64 MiB: a report holds all differences in the output of tests that failed.
 *
 * @param free how many bytes of {@code /hgwork} could be written still
 * @param size how many there are of it
 */
record ResultFiles(long free, long size, String xunit, String report, String testTimes) {
  private static final String SCRIPT = "fetch-results.sh";
  private static final int LARGEST = 64 << 20;

  /** Two numbers of 18 digits at most. */
  private static final int LONGEST_SPACE = 38;

  private static final Pattern SPACE = Pattern.compile("([0-9]{1,18}) ([0-9]{1,18})");

  /** Of so many parts one is free at most where a disk is called full. */
  private static final int PARTS = 100;

  /** Three files, each after a line of eight digits at most; a machine may print anything. */
  private static final int ALL = LONGEST_SPACE + 3 * (LARGEST + 9);

  private static final Duration WITHIN = Duration.ofMinutes(10);

  /** Fetches them at one go. */
  static ResultFiles fetch(Worker worker) throws InterruptedException {
    List<String> arguments = List.of(Integer.toString(LARGEST));
    Command command = Command.bash(SCRIPT, Resource.text(ResultFiles.class, SCRIPT), arguments);
    BoundedOutput out = new BoundedOutput(ALL);
    Complaint complaint = new Complaint();
    int code;
    try (Lines err = new Lines(complaint::add)) {
      code = worker.ssh().run(command, out, err, WITHIN);
    }
    if (code != 0) {
      throw complaint.about("cannot fetch the results of " + worker.name(), code);
    }
    Cursor cursor = new Cursor(worker.name(), out.bytes());
    Matcher space = SPACE.matcher(cursor.line());
    if (!space.matches()) {
      throw cursor.garbled();
    }
    return new ResultFiles(
        Long.parseLong(space.group(1)),
        Long.parseLong(space.group(2)),
        cursor.next(),
        cursor.next(),
        cursor.next());
  }

  /** Whether tests may have failed since there was no space left. */
  boolean full() {
    return free < size / PARTS;
  }

  /** Each file is a line with its length, and then so many bytes. */
  private static final class Cursor {
    private final String machine;
    private final byte[] bytes;
    private int at;

    Cursor(String machine, byte[] bytes) {
      this.machine = machine;
      this.bytes = bytes;
    }

    String line() {
      int begin = at;
      while (at < bytes.length && bytes[at] != '\n') {
        at++;
      }
      String line = new String(bytes, begin, at - begin, StandardCharsets.US_ASCII);
      at = Math.min(at + 1, bytes.length);
      return line;
    }

    String next() {
      String length = line();
      if (!length.matches("[0-9]{1,9}") || at + Integer.parseInt(length) > bytes.length) {
        throw garbled();
      }
      String text = new String(bytes, at, Integer.parseInt(length), StandardCharsets.UTF_8);
      at += Integer.parseInt(length);
      return text;
    }

    EnvironmentException garbled() {
      return new EnvironmentException(
          "cannot read the results of " + machine,
          "what came is cut off or garbled",
          "Look whether the account's shell prints anything there by itself.");
    }
  }
}
