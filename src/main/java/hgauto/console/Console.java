package hgauto.console;

import hgauto.error.HgautoException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a command speaks. Standard output carries its result and nothing else: lines of text, or
 * with {@code --json} one JSON document. Everything for a person to read meanwhile goes to standard
 * error. All of it is in the log too.
 */
public final class Console {
  private static final Logger LOG = LoggerFactory.getLogger(Console.class);

  private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}&&[^\\t\\n]]");

  private final PrintWriter out;
  private final PrintWriter err;
  private final Descriptors descriptors;
  private final boolean json;
  private final boolean stacktrace;
  private final Keyboard keyboard;
  private final LiveLines live;
  private volatile boolean quiet;

  /**
   * @param out standard output
   * @param err standard error
   * @param json whether the result is one JSON document
   * @param stacktrace whether an error is followed by its stack trace
   */
  public Console(PrintWriter out, PrintWriter err, boolean json, boolean stacktrace) {
    this(out, err, Descriptors.NONE, json, stacktrace, Keyboard.TERMINAL);
  }

  /** The same, with answers from elsewhere. */
  public Console(
      PrintWriter out, PrintWriter err, boolean json, boolean stacktrace, Keyboard keyboard) {
    this(out, err, Descriptors.NONE, json, stacktrace, keyboard);
  }

  /** The same, which passes bytes on as well. */
  public Console(
      PrintWriter out,
      PrintWriter err,
      Descriptors descriptors,
      boolean json,
      boolean stacktrace,
      Keyboard keyboard) {
    this.out = out;
    this.err = err;
    this.descriptors = descriptors;
    this.json = json;
    this.stacktrace = stacktrace;
    this.keyboard = keyboard;
    this.live = new LiveLines(err);
  }

  /** Prints a line of the result. With {@code --json} it is for people, on standard error. */
  public void result(String line) {
    LOG.info("result: {}", line);
    print(json ? err : out, line);
  }

  /**
   * Where what other programs print is passed on to, as part of the result: to standard output, and
   * with {@code --json} to standard error. Its bytes stay as they are, but on a terminal, which
   * they could steer. It is not in the log.
   */
  public OutputStream output() {
    OutputStream output =
        descriptors
            .bytes(json ? Descriptors.ERR : Descriptors.OUT)
            .orElseGet(() -> new TerminalBytes(json ? err : out));
    return new QuietBytes(output, () -> quiet);
  }

  /** Prints the result as JSON if that was asked for. */
  public void json(Object result) {
    if (json) {
      print(out, Json.write(result));
    }
  }

  /** Says what is going on. */
  public void info(String line) {
    LOG.info("{}", line);
    print(err, line);
  }

  /** Says what a person should look at, though the command goes on. */
  public void warn(String line) {
    LOG.warn("{}", line);
    print(err, "warning: " + line);
  }

  /**
   * How far files have come, on standard error; nothing where that is no screen.
   *
   * @param deed what happens to them, such as "sent"
   * @param sizes in bytes, by name
   */
  public TransferBars bars(String deed, Map<String, Long> sizes) {
    return new TransferBars(
        deed, sizes, descriptors.isScreen() ? Optional.of(live) : Optional.empty());
  }

  /** Whether there is a person to ask. */
  public boolean canAsk() {
    return keyboard.isThere();
  }

  /** Asks on standard error for a word to be typed, and tells whether it was. */
  public boolean confirms(String question, String word) {
    info(question);
    String answer = keyboard.readLine();
    LOG.info("answer: {}", answer);
    return answer != null && answer.strip().equals(word);
  }

  /** Tells a failure in three lines: what, why, and what to do next. */
  public void failure(HgautoException failure) {
    LOG.error("{}: {}", failure.what(), failure.why(), failure);
    StringBuilder told = new StringBuilder("error: ").append(failure.what());
    for (String line : new String[] {failure.why(), failure.next()}) {
      if (!line.isEmpty()) {
        told.append("\n  ").append(line.replace("\n", "\n  "));
      }
    }
    print(err, told.toString());
    trace(failure);
  }

  /** Tells a fault of ours, and where its details are. */
  public void bug(Throwable fault, String logFile) {
    LOG.error("a bug", fault);
    print(
        err,
        "error: a fault in hgauto: " + fault + "\n  Please report it with the log, " + logFile);
    trace(fault);
  }

  private void trace(Throwable failure) {
    if (stacktrace && !quiet) {
      failure.printStackTrace(err);
      err.flush();
    }
  }

  /** Says the last line: the process is being ended, and its other threads stumble. */
  public void lastWord(String line) {
    silence();
    LOG.info("{}", line);
    write(err, line);
  }

  /** Says nothing more but the last word. */
  public void silence() {
    quiet = true;
    live.stop();
  }

  /**
   * Text comes from other machines and from other people's changesets, so what could steer a
   * terminal is shown as a question mark.
   */
  static String harmless(String line) {
    return CONTROL.matcher(line).replaceAll("?");
  }

  private void print(PrintWriter to, String line) {
    if (!quiet) {
      write(to, line);
    }
  }

  private void write(PrintWriter to, String line) {
    live.print(
        () -> {
          to.println(harmless(line));
          to.flush();
        });
  }
}
