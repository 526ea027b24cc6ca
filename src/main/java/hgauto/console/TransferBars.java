package hgauto.console;

import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
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
  private final PrintStream terminal;
  private final Map<String, ProgressBar> bars = new LinkedHashMap<>();
  private final Map<String, Long> done = new HashMap<>();
  private ProgressBar all;

  /**
   * @param deed what happens to them, such as "sent"
   * @param sizes in bytes, by name
   */
  TransferBars(String deed, Map<String, Long> sizes, PrintWriter terminal) {
    this.deed = deed;
    this.sizes = new LinkedHashMap<>(sizes);
    this.terminal = new PrintStream(ascii(terminal), true, StandardCharsets.US_ASCII);
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
    if (all == null) {
      sizes.forEach((file, size) -> bars.put(file, bar(file, size)));
      all = bar("all " + deed, sizes.values().stream().mapToLong(Long::longValue).sum());
    }
    bars.get(name).maxHint(of).stepTo(bytes);
    done.put(name, bytes);
    all.stepTo(done.values().stream().mapToLong(Long::longValue).sum());
  }

  private ProgressBar bar(String name, long size) {
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
