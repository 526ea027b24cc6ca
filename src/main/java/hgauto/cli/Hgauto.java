package hgauto.cli;

import hgauto.state.StateFolder;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command {@code hgauto} itself: prints help, and has the options that every command knows. */
@Command(
    name = "hgauto",
    versionProvider = Version.class,
    header = "Builds, tests and releases Mercurial on remote machines.",
    abbreviateSynopsis = true,
    synopsisSubcommandLabel = "COMMAND",
    usageHelpWidth = 100,
    optionListHeading = "%nOptions, for every command:%n",
    commandListHeading = "%nCommands:%n",
    footer = {
      "",
      "In a Mercurial checkout, \"hgauto try\" tests the changeset you are on.",
      "\"hgauto COMMAND --help\" tells more. Options can have defaults in the file config of the state"
          + " folder, a line each: hgauto.try.server = embedded",
      "",
      "Exit codes: 0 done, the tests passed; 1 the remote work failed (of tests: run-tests.py's own"
          + " code); 2 the command line or what it names is wrong, nothing was changed; 3 this machine,"
          + " the network or the cloud did not do its part; 4 cleaned up incompletely, what remains is"
          + " named; 70 a fault in hgauto; 130 interrupted by Ctrl-C (143: by SIGTERM)."
    })
final class Hgauto implements Runnable {
  static final String STATE_PATH = "--state-path";

  private final Path defaultStatePath;

  @Spec private CommandSpec spec;

  @Option(
      names = STATE_PATH,
      paramLabel = "DIR",
      scope = ScopeType.INHERIT,
      description = "What hgauto remembers (default: ~/.hgautomation).")
  private Path statePath;

  @Option(
      names = "--aws-region",
      paramLabel = "REGION",
      scope = ScopeType.INHERIT,
      description =
          "Where AWS is used (default: AWS_REGION, AWS_DEFAULT_REGION, the profile's, us-west-2).")
  private String awsRegion;

  @Option(
      names = "--json",
      scope = ScopeType.INHERIT,
      description = "Print the result as one JSON document.")
  private boolean json;

  @Option(
      names = {"-v", "--verbose"},
      scope = ScopeType.INHERIT,
      description = "Print the debug log, too.")
  private boolean verbose;

  @Option(
      names = "--stacktrace",
      scope = ScopeType.INHERIT,
      description = "Print where an error arose.")
  private boolean stacktrace;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Print help.")
  @SuppressWarnings("UnusedVariable") // picocli acts on it
  private boolean help;

  @Option(names = "--version", versionHelp = true, description = "Print hgauto's version.")
  @SuppressWarnings("UnusedVariable") // picocli acts on it
  private boolean version;

  /**
   * @param home the user's home folder
   */
  Hgauto(Path home) {
    defaultStatePath = home.resolve(".hgautomation");
  }

  /**
   * The state folder that these arguments name. Defaults from its config are needed to parse them.
   */
  StateFolder stateFolder(String[] args) {
    for (int at = 0; at < args.length && !args[at].equals("--"); at++) {
      if (args[at].startsWith(STATE_PATH + "=")) {
        return new StateFolder(Path.of(args[at].substring(STATE_PATH.length() + 1)));
      }
      if (args[at].equals(STATE_PATH) && at + 1 < args.length) {
        return new StateFolder(Path.of(args[at + 1]));
      }
    }
    return new StateFolder(defaultStatePath);
  }

  StateFolder stateFolder() {
    return new StateFolder(statePath == null ? defaultStatePath : statePath);
  }

  String awsRegion() {
    return awsRegion;
  }

  boolean json() {
    return json;
  }

  boolean verbose() {
    return verbose;
  }

  boolean stacktrace() {
    return stacktrace;
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
