package hgauto.cli;

import hgauto.aws.Account;
import hgauto.aws.RegionChoice;
import hgauto.aws.lease.LeaseJournal;
import hgauto.console.Console;
import hgauto.console.Descriptors;
import hgauto.console.Keyboard;
import hgauto.state.StateFolder;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What commands work with. Nothing is made before a command asks for it. */
final class Session {
  private final Hgauto root;
  private final Map<String, String> environment;
  private final List<String> arguments;
  private final PrintWriter out;
  private final PrintWriter err;
  private final Descriptors descriptors;
  private Console console;

  Session(
      Hgauto root,
      Map<String, String> environment,
      List<String> arguments,
      PrintWriter out,
      PrintWriter err,
      Descriptors descriptors) {
    this.root = root;
    this.environment = environment;
    this.arguments = arguments;
    this.out = out;
    this.err = err;
    this.descriptors = descriptors;
  }

  Map<String, String> environment() {
    return environment;
  }

  Console console() {
    if (console == null) {
      console =
          new Console(out, err, descriptors, root.json(), root.stacktrace(), Keyboard.TERMINAL);
    }
    return console;
  }

  StateFolder state() {
    return root.stateFolder();
  }

  boolean verbose() {
    return root.verbose();
  }

  /** The user's, in which ssh keeps the keys of servers, too. */
  Path knownHosts() {
    return home().resolve(".ssh").resolve("known_hosts");
  }

  /** The user's home folder. */
  Path home() {
    return Path.of(environment.getOrDefault("HOME", System.getProperty("user.home")));
  }

  Account account() {
    return new Account(regionChoice(), environment);
  }

  LeaseJournal leases() {
    return new LeaseJournal(state().leases());
  }

  private RegionChoice regionChoice() {
    if (root.awsRegion() == null) {
      return null;
    }
    boolean typed = arguments.stream().anyMatch(argument -> argument.startsWith("--aws-region"));
    return new RegionChoice(root.awsRegion(), typed ? "from --aws-region" : "from the config file");
  }
}
