package hgauto.linux;

import hgauto.error.EnvironmentException;
import hgauto.machine.BoundedOutput;
import hgauto.machine.Command;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/**
 * The files that run-tests.py leaves; a text is empty where there is no such file, or it has more
 * than 64 MiB: a report holds all differences in the output of tests that failed.
 */
record ResultFiles(String xunit, String report, String testTimes) {
  private static final String SCRIPT = "fetch-results.sh";
  private static final int LARGEST = 64 << 20;

  /** Three files, each after a line of eight digits at most; a machine may print anything. */
  private static final int ALL = 3 * (LARGEST + 9);

  private static final Duration WITHIN = Duration.ofMinutes(10);

  /** Fetches them at one go. */
  static ResultFiles fetch(Worker worker) throws InterruptedException {
    List<String> arguments = List.of(Integer.toString(LARGEST));
    Command command = Command.bash(SCRIPT, Resources.text(SCRIPT), arguments);
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
    return new ResultFiles(cursor.next(), cursor.next(), cursor.next());
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

    String next() {
      int begin = at;
      while (at < bytes.length && bytes[at] != '\n') {
        at++;
      }
      String length = new String(bytes, begin, at - begin, StandardCharsets.US_ASCII);
      if (!length.matches("[0-9]{1,9}") || at + 1 + Integer.parseInt(length) > bytes.length) {
        throw new EnvironmentException(
            "cannot read the results of " + machine,
            "what came is cut off or garbled",
            "Look whether the account's shell prints anything there by itself.");
      }
      String text = new String(bytes, at + 1, Integer.parseInt(length), StandardCharsets.UTF_8);
      at += 1 + Integer.parseInt(length);
      return text;
    }
  }
}
