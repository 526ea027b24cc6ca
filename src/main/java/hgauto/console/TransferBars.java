package hgauto.console;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How far files have come: on a terminal a bar for each that is under way, and below them one for
 * all of them, which stays there at the end. There is nothing to see before the first word of
 * progress. Safe for use by several threads.
 */
public final class TransferBars implements AutoCloseable {
  /** No more transfers go on at once, and the smallest terminal has room for them. */
  static final int ROWS = 8;

  private static final int STEPS = 16;
  private static final double MEGABYTE = 1_000_000;

  private final String deed;
  private final Map<String, Long> sizes;
  private final Map<String, Long> done = new LinkedHashMap<>();
  private final Optional<LiveLines> terminal;
  private final Supplier<List<String>> lines = this::lines;

  /**
   * @param deed what happens to them, such as "sent"
   * @param sizes in bytes, by name
   * @param terminal empty if nobody looks
   */
  TransferBars(String deed, Map<String, Long> sizes, Optional<LiveLines> terminal) {
    this.deed = deed;
    this.sizes = new LinkedHashMap<>(sizes);
    this.terminal = terminal;
    terminal.ifPresent(it -> it.add(lines));
  }

  /**
   * Shows how far a file is.
   *
   * @param name one of those that this was made with
   * @param bytes that are done; fewer than before where it begins again
   * @param of all of its bytes
   */
  public synchronized void at(String name, long bytes, long of) {
    sizes.put(name, of);
    done.put(name, bytes);
  }

  private synchronized List<String> lines() {
    if (done.isEmpty()) {
      return List.of();
    }
    List<String> bars = new ArrayList<>();
    done.forEach(
        (name, bytes) -> {
          if (!isWhole(name) && bars.size() < ROWS) {
            bars.add(bar(name, bytes, sizes.get(name)));
          }
        });
    bars.add(all());
    return bars;
  }

  private String all() {
    long whole = done.keySet().stream().filter(this::isWhole).count();
    return bar(whole + " of " + sizes.size() + " files " + deed, sum(done), sum(sizes));
  }

  private boolean isWhole(String name) {
    return done.get(name) >= sizes.get(name);
  }

  private static long sum(Map<String, Long> bytes) {
    return bytes.values().stream().mapToLong(Long::longValue).sum();
  }

  private String bar(String title, long bytes, long of) {
    int column = sizes.keySet().stream().mapToInt(String::length).max().orElse(0);
    double part = of == 0 ? 1 : (double) bytes / of;
    return String.format(
        Locale.ROOT,
        "%-" + column + "s %3d%% [%-" + STEPS + "s] %.1f MB",
        title,
        (int) (part * 100),
        "=".repeat((int) (part * STEPS)),
        of / MEGABYTE);
  }

  @Override
  public void close() { // not synchronized: who draws waits for these lines
    terminal.ifPresent(it -> it.end(lines, last()));
  }

  private synchronized List<String> last() {
    return done.isEmpty() ? List.of() : List.of(all());
  }
}
