package hgauto.cli;

import hgauto.aws.Account;
import hgauto.console.Console;
import hgauto.state.StateFolder;
import java.io.PrintWriter;
import java.util.Map;

/** What commands work with. Nothing is made before a command asks for it. */
final class Session {
  private final Hgauto root;
  private final Map<String, String> environment;
  private final PrintWriter out;
  private final PrintWriter err;
  private Console console;

  Session(Hgauto root, Map<String, String> environment, PrintWriter out, PrintWriter err) {
    this.root = root;
    this.environment = environment;
    this.out = out;
    this.err = err;
  }

  Map<String, String> environment() {
    return environment;
  }

  Console console() {
    if (console == null) {
      console = new Console(out, err, root.json(), root.stacktrace());
    }
    return console;
  }

  StateFolder state() {
    return root.stateFolder();
  }

  boolean verbose() {
    return root.verbose();
  }

  Account account() {
    return new Account(root.awsRegion(), environment);
  }
}
