package hgauto.linux;

import hgauto.error.HgautoException;
import hgauto.machine.Command;
import hgauto.machine.Lines;
import hgauto.resource.Resource;
import hgauto.suite.Steps;
import hgauto.suite.TestRunner;
import hgauto.suite.TestRunners;
import hgauto.suite.TestSource;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Prepares machines for tests: {@code /hgwork} with a copy of {@code /hgdev/src}, the changeset
 * pushed into it, checked out and built.
 */
public final class Preparation implements TestRunners {
  private static final String PATCH = "/hgwork/uncommitted.patch";
  private static final String TEST_TIMES = "/hgwork/results/.testtimes";
  private static final String BUILD = "build-source.sh";
  private static final int PRIVATE = 0600;

  private static final Duration CHECK_OUT = Duration.ofMinutes(10);

  /** Exit code of {@link #BUILD} where the fault is that of what it builds. */
  private static final int NOT_BUILT = 100;

  private final Workers workers;
  private final TestSource source;
  private final TestSettings settings;
  private final Consumer<String> told;
  private final Consumer<String> warned;

  /**
   * @param told is given a sentence for each step, by several threads
   * @param warned the same for what may be the machine's fault, and not the changeset's
   */
  public Preparation(
      Workers workers,
      TestSource source,
      TestSettings settings,
      Consumer<String> told,
      Consumer<String> warned) {
    this.workers = workers;
    this.source = source;
    this.settings = settings;
    this.told = told;
    this.warned = warned;
  }

  /**
   * See {@link TestRunners#open}.
   *
   * @throws hgauto.error.EnvironmentException if it cannot be had or prepared
   * @throws hgauto.error.RemoteWorkException if the changeset cannot be built
   * @throws hgauto.error.MachineLostException if it is lost meanwhile
   */
  @Override
  public TestRunner open(int number) throws InterruptedException {
    Worker worker = workers.open(number);
    try {
      return prepare(worker);
    } catch (InterruptedException e) {
      worker.succeeded(); // it is not wanted any more, and there is nothing to look into
      try (worker) {
        throw e;
      }
    } catch (RuntimeException | Error e) {
      try (worker) {
        throw e;
      }
    }
  }

  private TestRunner prepare(Worker worker) throws InterruptedException {
    Steps steps = new Steps(worker.name(), told);
    try (EarlyPush push = EarlyPush.begin(worker, source, settings.keyFile())) {
      WorkFolder folder = WorkFolder.prepare(worker, settings.filesystem(), settings.python());
      try {
        steps.done("/hgwork is ready, on " + settings.filesystem());
        push.ready();
        sendFiles(worker);
        steps.done(
            (push.await(folder.end()) ? "pushed " : "had ") + source.changeset().shortNode());
        folder.awaitClean();
        build(worker, steps);
        return new PreparedMachine(worker, folder, settings, warned);
      } catch (InterruptedException | RuntimeException | Error e) {
        folder.close();
        throw e;
      }
    }
  }

  private void sendFiles(Worker worker) throws InterruptedException {
    if (source.uncommitted().isPresent()) {
      worker.ssh().put(source.uncommitted().get(), PATCH, PRIVATE);
    }
    if (!settings.times().seconds().isEmpty()) {
      byte[] times = settings.times().format().getBytes(StandardCharsets.UTF_8);
      worker.ssh().put(times, TEST_TIMES, PRIVATE);
    }
  }

  private void build(Worker worker, Steps steps) throws InterruptedException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                source.changeset().node(),
                source.uncommitted().isPresent() ? PATCH : "",
                settings.python().path(),
                Long.toString(settings.timeLimit().toSeconds())));
    arguments.addAll(settings.flags().makeArguments());
    Command command =
        Command.bash(BUILD, Resource.text(Preparation.class, BUILD), arguments)
            .guarded(WorkFolder.PYTHON);
    Complaint complaint = new Complaint();
    int code;
    try (Lines out = new Lines(steps::done);
        Lines err = new Lines(complaint::add)) {
      code = worker.ssh().run(command, out, err, settings.timeLimit().plus(CHECK_OUT));
    }
    if (code != 0) {
      throw failure(worker, complaint, code);
    }
  }

  private HgautoException failure(Worker worker, Complaint complaint, int code) {
    String what = source.changeset().shortNode() + " on " + worker.name();
    return code == NOT_BUILT
        ? complaint.aboutWork("cannot build " + what, code)
        : complaint.about("cannot check out " + what, code);
  }
}
