package hgauto.console;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Timer;
import java.util.TimerTask;
import java.util.function.Supplier;

/**
 * Lines at the bottom of a terminal that change while something goes on. What is printed meanwhile
 * stays above them. They are drawn by a thread of their own, so that nobody waits for the terminal
 * who only has news. Safe for use by several threads.
 */
final class LiveLines {
  private static final long EVERY_MILLIS = 200;

  private static final String ESCAPE = "\u001b[";

  /** A line that the terminal is too narrow for is cut, and does not become two. */
  private static final String CUT = ESCAPE + "?7l";

  private static final String WRAP = ESCAPE + "?7h";
  private static final String REST_OF_LINE = ESCAPE + "K";
  private static final String REST_OF_SCREEN = ESCAPE + "J";

  private final PrintWriter terminal;
  private final List<Supplier<List<String>>> parts = new ArrayList<>();
  private List<String> drawn = List.of();
  private volatile int open;
  private volatile boolean stopped;
  private Timer timer;

  LiveLines(PrintWriter terminal) {
    this.terminal = terminal;
  }

  /**
   * From now on there are these lines, too, below those of before.
   *
   * @param lines is asked for them at each drawing; as few as a terminal surely has room for
   */
  synchronized void add(Supplier<List<String>> lines) {
    parts.add(lines);
    open++;
    if (open == 1) {
      timer = new Timer("live lines", true);
      timer.schedule(
          new TimerTask() {
            @Override
            public void run() {
              draw();
            }
          },
          EVERY_MILLIS,
          EVERY_MILLIS);
    }
  }

  /**
   * They change no more.
   *
   * @param kept what stays of them
   */
  synchronized void end(Supplier<List<String>> lines, List<String> kept) {
    parts.set(parts.indexOf(lines), () -> kept);
    if (open == 1) {
      timer.cancel();
      List<String> all = lines();
      parts.clear();
      if (!stopped) {
        printAbove(() -> all.forEach(line -> terminal.println(CUT + line + WRAP)));
      }
    }
    open--;
  }

  private List<String> lines() {
    return parts.stream().flatMap(part -> part.get().stream()).map(Console::harmless).toList();
  }

  /** Draws what has changed. */
  synchronized void draw() {
    if (stopped) {
      return;
    }
    List<String> next = lines();
    if (next.equals(drawn)) {
      return;
    }
    StringBuilder text = new StringBuilder(toTheFirst()).append(CUT);
    next.forEach(line -> text.append(line).append(REST_OF_LINE).append(System.lineSeparator()));
    text.append(REST_OF_SCREEN).append(WRAP);
    drawn = next;
    terminal.print(text);
    terminal.flush();
  }

  /**
   * Prints something that stays. Only where there are such lines, one waits for another: who prints
   * to where nobody reads holds up nobody else.
   */
  void print(Runnable printing) {
    if (open == 0) {
      printing.run();
    } else {
      printAbove(printing);
    }
  }

  private synchronized void printAbove(Runnable printing) {
    erase();
    printing.run();
    draw();
  }

  /** Draws nothing any more; what is drawn goes with the next line that is printed. */
  void stop() {
    stopped = true;
  }

  private void erase() {
    if (!drawn.isEmpty()) {
      terminal.print(toTheFirst() + REST_OF_SCREEN);
      terminal.flush();
      drawn = List.of();
    }
  }

  private String toTheFirst() {
    return drawn.isEmpty() ? "" : "\r" + ESCAPE + drawn.size() + "A";
  }
}
