package hgauto.cli;

import hgauto.aws.Rehearsal;
import hgauto.console.Console;
import hgauto.console.Descriptors;
import hgauto.error.EnvironmentException;
import hgauto.error.HgautoException;
import hgauto.error.LeftoverException;
import hgauto.process.OnShutdown;
import hgauto.startup.ClassArchive;
import hgauto.state.DebugLog;
import hgauto.state.StateFolder;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** Turns a command line into a run of one command, and whatever becomes of it into an exit code. */
public final class Main {
  /** Our own fault. */
  private static final int BUG = 70;

  /** Of a full disk, or a reader that has gone. */
  private static final int NOT_WRITTEN = 3;

  private final Map<String, String> environment;
  private final PrintWriter out;
  private final PrintWriter err;
  private final Descriptors descriptors;
  private Path log;
  private Session session;

  /**
   * @param environment the process's environment variables
   * @param out standard output
   * @param err standard error
   */
  Main(Map<String, String> environment, PrintWriter out, PrintWriter err) {
    this(environment, out, err, Descriptors.NONE);
  }

  private Main(
      Map<String, String> environment, PrintWriter out, PrintWriter err, Descriptors descriptors) {
    this.environment = environment;
    this.out = out;
    this.err = err;
    this.descriptors = descriptors;
  }

  /** Runs the command and ends the process with its exit code. */
  public static void main(String[] args) throws InterruptedException {
    if (List.of(args).contains("try")) {
      Rehearsal.start();
    }
    // Names and messages are in any language, wherever the locale says otherwise.
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    Map<String, String> environment = System.getenv();
    Main main = new Main(environment, out, err, new StandardStreams(environment));
    int code = OnShutdown.during(() -> main.run(args), main::silence);
    err.flush();
    if (out.checkError() && code == CommandLine.ExitCode.OK) {
      err.println("error: the result could not be written to standard output");
      code = NOT_WRITTEN;
    }
    ClassArchive.makeIfMissing();
    System.exit(code);
  }

  /** Runs the command line and returns the exit code. */
  int run(String... args) {
    Optional<String> help = HelpText.ifAskedFor(List.of(args));
    if (help.isPresent()) {
      out.print(help.get());
      return CommandLine.ExitCode.OK;
    }
    Hgauto root = new Hgauto(home());
    session = new Session(root, environment, List.of(args), out, err, descriptors);
    CommandLine commandLine = new CommandLine(root);
    Commands commands = new Commands(session);
    commands.addTo(commandLine, List.of(args));
    StateFolder state;
    try {
      state = root.stateFolder(args);
    } catch (InvalidPathException e) {
      err.println("error: the state folder cannot have this name: " + e.getMessage());
      return CommandLine.ExitCode.USAGE;
    }
    ConfigDefaults defaults = new ConfigDefaults(state.config());
    commandLine.setDefaultValueProvider(defaults);
    commandLine.setExpandAtFiles(false); // a revision can begin with "@"
    commandLine.setOut(out).setErr(err);
    commandLine.setExecutionStrategy(
        parsed ->
            execute(
                () -> defaults.unknownKeys(commandLine, commands.othersThan(commandLine)), parsed));
    commandLine.setParameterExceptionHandler((e, arguments) -> usage(e, List.of(arguments)));
    commandLine.setExecutionExceptionHandler((e, command, parsed) -> failed(session.console(), e));
    try {
      return commandLine.execute(args);
    } catch (OutOfMemoryError e) {
      return failed(
          session.console(),
          new EnvironmentException(
              "Java ran out of memory",
              String.valueOf(e.getMessage()),
              "Let it have more, for example with JAVA_TOOL_OPTIONS=-Xmx2g in the environment.",
              e));
    }
  }

  /** While the process is being ended, what its threads stumble over is no news. */
  private void silence() {
    if (session != null) {
      session.console().silence();
    }
  }

  private Path home() {
    return Path.of(environment.getOrDefault("HOME", System.getProperty("user.home")));
  }

  private int execute(Supplier<List<String>> unknownKeys, ParseResult parsed) {
    ParseResult last = parsed.hasSubcommand() ? parsed.subcommand() : parsed;
    if (!last.isUsageHelpRequested() && last.commandSpec().userObject() instanceof LoggedCommand) {
      try {
        log = DebugLog.start(session.state(), last.commandSpec().name(), session.verbose());
      } catch (HgautoException e) { // picocli would print a stack trace
        return failed(session.console(), e);
      }
      for (String key : unknownKeys.get()) {
        session.console().warn("no option has the name " + key + ", which the config file gives");
      }
    }
    return new CommandLine.RunLast().execute(parsed);
  }

  private int usage(CommandLine.ParameterException failure, List<String> arguments) {
    if (failure.getCause() instanceof HgautoException told) { // of the file with the defaults
      return failed(session.console(), told);
    }
    CommandLine command = failure.getCommandLine();
    err.println("error: " + failure.getMessage());
    if (failure.getArgSpec() instanceof OptionSpec option
        && Arrays.stream(option.names())
            .noneMatch(name -> arguments.stream().anyMatch(a -> a.startsWith(name)))) {
      err.println("  The value is from " + session.state().config());
    }
    CommandLine.UnmatchedArgumentException.printSuggestions(failure, err);
    String name = command.getCommandSpec().name();
    if (command.getCommand() instanceof TryCommand
        || command.getCommand() instanceof RunTestsLinuxCommand) {
      err.println(
          "  Tests and flags for run-tests.py come after --, as in: hgauto " + name + " -- -j4");
    }
    err.println("  See " + command.getCommandSpec().qualifiedName() + " --help");
    return CommandLine.ExitCode.USAGE;
  }

  /** Tells a failure, and after it what could not be ended when that had happened. */
  int failed(Console console, Exception failure) {
    int code = BUG;
    if (failure instanceof HgautoException told) {
      console.failure(told);
      code = told.exitCode();
    } else {
      console.bug(failure, log == null ? "" : log.toString());
    }
    for (Throwable suppressed : failure.getSuppressed()) {
      if (suppressed instanceof LeftoverException left) {
        console.failure(left);
        code = left.exitCode();
      }
    }
    return code;
  }
}
