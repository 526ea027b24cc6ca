package hgauto.tryserver;

import hgauto.error.EnvironmentException;
import hgauto.process.LocalProgram;
import hgauto.state.Folders;
import hgauto.state.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The job {@code tests}: a fresh working copy of the changeset, {@code make local} where the tree
 * has it, then {@code tests/run-tests.py}.
 */
final class TestsJob {
  private static final Logger LOG = LoggerFactory.getLogger(TestsJob.class);

  private static final Duration QUICK = Duration.ofMinutes(10);

  /** Mercurial's Makefile has 10 KB. */
  private static final long LARGEST_MAKEFILE = 1 << 20;

  private final RunStore store;
  private final ServerClone clone;
  private final JobSettings settings;
  private final Clock clock;

  TestsJob(RunStore store, ServerClone clone, JobSettings settings, Clock clock) {
    this.store = store;
    this.clone = clone;
    this.settings = settings;
    this.clock = clock;
  }

  /**
   * Carries out the run.
   *
   * @return the run with its final status, whatever happened
   */
  Run run(Run run, RunLog log) {
    try {
      Path work = store.createWorkFolder(run.id(), settings.workParent());
      try {
        return runIn(work, run, log);
      } finally {
        removeWorkFolder(run.id());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return run.interrupted(clock.instant(), "the server was stopped");
    } catch (EnvironmentException e) {
      return failed(run, e.what() + ": " + e.why());
    } catch (IOException e) {
      return failed(run, "the server could not run it: " + Reason.of(e));
    }
  }

  /** What fails because it was interrupted does not always say so. */
  private Run failed(Run run, String why) {
    return Thread.currentThread().isInterrupted()
        ? run.interrupted(clock.instant(), "the server was stopped")
        : run.failed(clock.instant(), why);
  }

  /** The verdict stands, whatever becomes of what is left. */
  private void removeWorkFolder(long id) {
    try {
      store.deleteWorkFolder(id);
    } catch (IOException e) {
      LOG.warn("cannot remove the working copy of run {}", id, e);
    }
  }

  private Run runIn(Path work, Run run, RunLog log) throws IOException, InterruptedException {
    Path source = work.resolve("src");
    log.note("checking out " + run.node());
    clone.checkOut(run.node(), source);
    Files.createDirectory(work.resolve("home"));
    Files.createDirectory(work.resolve("tmp"));
    if (settings.user().isPresent()) {
      giveTo(settings.user().get(), work);
    }
    GuardedProcess guarded = new GuardedProcess(settings.user(), environment(work));
    Path tests = source.resolve("tests");
    if (!Files.isRegularFile(tests.resolve("run-tests.py"), LinkOption.NOFOLLOW_LINKS)) {
      return run.failed(clock.instant(), "the changeset has no tests/run-tests.py");
    }
    boolean local = hasLocalTarget(source);
    if (local) {
      Optional<String> failure = build(guarded, source, run, log);
      if (failure.isPresent()) {
        return run.failed(clock.instant(), failure.get());
      }
    }
    Path report = work.resolve("tmp").resolve("report.xml");
    List<String> command = new ArrayList<>(List.of("python3", "run-tests.py"));
    if (local && run.testFlags().stream().noneMatch(TestsJob::choosesHg)) {
      command.add("--local");
    }
    command.add("--xunit=" + report);
    command.addAll(run.testFlags());
    log.note("running " + String.join(" ", command));
    Optional<Integer> tested = guarded.run(command, tests, log, settings.timeLimit());
    if (tested.isEmpty()) {
      return run.failed(clock.instant(), timeLimitReached());
    }
    List<TestResult> results = readReport(report, run.id(), log);
    store.saveTests(run, results);
    Run.Counts counts = results.isEmpty() ? null : Run.Counts.of(results);
    return run.tested(clock.instant(), tested.get(), counts);
  }

  /** Empty where there is none: run-tests.py did not get so far, or its flags ask for no run. */
  private List<TestResult> readReport(Path report, long id, RunLog log) throws IOException {
    // The job can have put anything in its place, or in that of the folder around it, so it is not
    // followed out of the work folder.
    if (!Files.isRegularFile(report, LinkOption.NOFOLLOW_LINKS)
        || !report.toRealPath().equals(report)) {
      return List.of();
    }
    try {
      return XunitReport.read(report, store.logFile(id));
    } catch (IOException e) {
      log.note(Reason.of(e)); // run-tests.py's exit code is a verdict all the same
      return List.of();
    }
  }

  /**
   * Builds what the tests use. That prints hundreds of lines that nobody wants to see unless it
   * fails, so they go to a log of their own.
   *
   * @return why it failed, or empty
   */
  private Optional<String> build(GuardedProcess guarded, Path source, Run run, RunLog log)
      throws IOException, InterruptedException {
    List<String> make = List.of("make", "local", "PYTHON=python3");
    log.note("running " + String.join(" ", make));
    Optional<Integer> built;
    try (RunLog buildLog = new RunLog(store.buildLogFile(run.id()))) {
      built = guarded.run(make, source, buildLog, settings.timeLimit());
    }
    if (built.equals(Optional.of(0))) {
      return Optional.empty();
    }
    log.append(LogTail.of(store.buildLogFile(run.id())).text());
    return Optional.of(
        built.map(code -> "make local ended with code " + code).orElseGet(this::timeLimitReached));
  }

  private String timeLimitReached() {
    return "it was ended at the time limit of " + Words.duration(settings.timeLimit());
  }

  /** Flags with which run-tests.py does not want --local; see its --help. */
  private static boolean choosesHg(String flag) {
    return flag.startsWith("--with-hg")
        || flag.startsWith("--hg-wheel")
        || flag.equals("--local")
        || flag.equals("-l");
  }

  private static boolean hasLocalTarget(Path source) throws IOException {
    Path makefile = source.resolve("Makefile");
    if (!Files.isRegularFile(makefile, LinkOption.NOFOLLOW_LINKS)
        || Files.size(makefile) > LARGEST_MAKEFILE) {
      return false;
    }
    return Files.readString(makefile, StandardCharsets.ISO_8859_1)
        .lines()
        .anyMatch(line -> line.startsWith("local:"));
  }

  /** The job gets a HOME of its own and nothing of ours: no credentials, no agent, no hgrc. */
  private Map<String, String> environment(Path work) {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("PATH", settings.path());
    environment.put("HOME", work.resolve("home").toString());
    environment.put("TMPDIR", work.resolve("tmp").toString());
    environment.put("LANG", "C.UTF-8");
    environment.put("SHELL", "/bin/sh");
    environment.put("HGTEST_JOBS", Integer.toString(Runtime.getRuntime().availableProcessors()));
    settings.user().ifPresent(name -> environment.put("USER", name));
    settings.user().ifPresent(name -> environment.put("LOGNAME", name));
    return environment;
  }

  /** Hands the working copy over, as a copy: the clone's files are hard links to the server's. */
  private static void giveTo(String user, Path work) throws IOException {
    Path linked = work.resolve("linked");
    Files.move(work.resolve("src"), linked);
    quick(work, "cp", "-R", "linked", "src");
    Folders.delete(linked);
    quick(work, "chown", "-hR", user + ":", "src", "home", "tmp");
    // The folder itself stays ours: the job may pass through it, but not put another in its place.
    quick(work, "chmod", "711", ".");
  }

  private static void quick(Path folder, String... argv) throws IOException {
    LocalProgram.Result result = LocalProgram.run(List.of(argv), folder, Map.of(), QUICK);
    if (result.exitCode() != 0) {
      throw new IOException(argv[0] + " failed: " + result.err().strip());
    }
  }
}
