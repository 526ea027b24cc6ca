package hgauto.console;

import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import me.tongfei.progressbar.InteractiveConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * How far files have come: a bar for each, and at the bottom one for all of them. They are there
 * from the first word of progress until this is closed. Safe for use by several threads.
 */
public final class TransferBars implements AutoCloseable {
  private static final long MEGABYTE = 1_000_000;

  /** The narrowest terminal has it. To ask for more takes a library for terminals. */
  private static final int COLUMNS = 79;

  private final String deed;
  private final Map<String, Long> sizes;
  private final Optional<PrintStream> terminal;
  private final Map<String, ProgressBar> bars = new LinkedHashMap<>();
  private final Map<String, Long> done = new HashMap<>();
  private ProgressBar all;

  /**
   * @param deed what happens to them, such as "sent"
   * @param sizes in bytes, by name
   * @param terminal empty if nobody looks
   */
  TransferBars(String deed, Map<String, Long> sizes, Optional<PrintWriter> terminal) {
    this.deed = deed;
    this.sizes = new LinkedHashMap<>(sizes);
    this.terminal = terminal.map(it -> new PrintStream(ascii(it), true, StandardCharsets.US_ASCII));
  }

  private static OutputStream ascii(PrintWriter terminal) {
    return new OutputStream() {
      @Override
      public void write(int b) {
        terminal.write(b);
      }

      @Override
      public void flush() {
        terminal.flush();
      }
    };
  }

  /**
   * Shows how far a file is.
   *
   * @param name one of those that this was made with
   * @param bytes that are done
   * @param of all of its bytes
   */
  public synchronized void at(String name, long bytes, long of) {
    if (terminal.isEmpty()) {
      return;
    }
    if (all == null) {
      sizes.forEach((file, size) -> bars.put(file, bar(file, size, terminal.get())));
      all = bar("all " + deed, sum(sizes), terminal.get());
    }
    bars.get(name).maxHint(of).stepTo(bytes);
    done.put(name, bytes);
    all.stepTo(sum(done));
  }

  private static long sum(Map<String, Long> bytes) {
    return bytes.values().stream().mapToLong(Long::longValue).sum();
  }

  private static ProgressBar bar(String name, long size, PrintStream terminal) {
    return new ProgressBarBuilder()
        .setTaskName(name)
        .setInitialMax(size)
        .setUnit(" MB", MEGABYTE)
        .setStyle(ProgressBarStyle.ASCII)
        .setConsumer(new InteractiveConsoleProgressBarConsumer(terminal, COLUMNS))
        .build();
  }

  @Override
  public synchronized void close() {
    bars.values().forEach(ProgressBar::close);
    if (all != null) {
      all.close();
    }
  }
}
