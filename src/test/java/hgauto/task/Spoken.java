package hgauto.task;

import hgauto.console.Console;
import hgauto.console.Keyboard;
import java.io.PrintWriter;
import java.io.StringWriter;

/** What a task says, and what a person answers. */
final class Spoken {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  /** A console that nobody types at. */
  Console console(boolean json) {
    return console(json, false, null);
  }

  /** A console with a person who types that, or ends the input. */
  Console answering(String line) {
    return console(false, true, line);
  }

  private Console console(boolean json, boolean terminal, String line) {
    Keyboard keyboard =
        new Keyboard() {
          @Override
          public boolean isThere() {
            return terminal;
          }

          @Override
          public String readLine() {
            return line;
          }
        };
    return new Console(new PrintWriter(out), new PrintWriter(err), json, false, keyboard);
  }

  /** Standard output so far. */
  String out() {
    return out.toString();
  }

  /** Standard error so far. */
  String err() {
    return err.toString();
  }
}
