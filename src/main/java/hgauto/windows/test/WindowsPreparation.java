package hgauto.windows.test;

import com.google.gson.JsonObject;
import hgauto.error.EnvironmentException;
import hgauto.machine.Tail;
import hgauto.suite.Steps;
import hgauto.suite.TestRunner;
import hgauto.suite.TestRunners;
import hgauto.suite.TestSource;
import hgauto.windows.Ec2WindowsMachines;
import hgauto.windows.SourcePush;
import hgauto.windows.WindowsMachine;
import hgauto.windows.WindowsScript;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Launches Windows machines and prepares them for tests: nothing looks at each file that is
 * written, and the changeset is in {@code C:\hgdev\src}. It is built by run-tests.py itself.
 */
public final class WindowsPreparation implements TestRunners {
  private static final WindowsScript DEFENDER = WindowsScript.named("disable-defender.ps1");
  private static final WindowsScript CHECKING_OUT = WindowsScript.named("prepare-tests.ps1");
  private static final Duration SHORT = Duration.ofMinutes(5);
  private static final Duration CHECK_OUT = Duration.ofMinutes(20);

  private final Ec2WindowsMachines machines;
  private final Ec2WindowsMachines.Wanted wanted;
  private final TestSource source;
  private final WindowsTestSettings settings;
  private final Consumer<String> told;
  private final Consumer<String> warned;

  /**
   * @param wanted of an image of ours
   * @param told is given a sentence for each step, by several threads
   * @param warned the same for what is not as it should be
   */
  public WindowsPreparation(
      Ec2WindowsMachines machines,
      Ec2WindowsMachines.Wanted wanted,
      TestSource source,
      WindowsTestSettings settings,
      Consumer<String> told,
      Consumer<String> warned) {
    this.machines = machines;
    this.wanted = wanted;
    this.source = source;
    this.settings = settings;
    this.told = told;
    this.warned = warned;
  }

  /**
   * See {@link TestRunners#open}.
   *
   * @throws EnvironmentException if it cannot be had or prepared
   * @throws hgauto.error.MachineLostException if it is lost meanwhile
   */
  @Override
  public TestRunner open(int number) throws InterruptedException {
    WindowsMachine machine = machines.launch(wanted);
    try {
      return prepare(machine);
    } catch (InterruptedException e) {
      machine.succeeded(); // it is not wanted any more, and there is nothing to look into
      try (machine) {
        throw e;
      }
    } catch (RuntimeException | Error e) {
      try (machine) {
        throw e;
      }
    }
  }

  private TestRunner prepare(WindowsMachine machine) throws InterruptedException {
    Steps steps = new Steps(machine.toString(), told);
    String protection = machine.ask(DEFENDER, new JsonObject(), SHORT).strip();
    if (!protection.equals("off")) {
      warned.accept(
          "the real-time protection of "
              + machine
              + " may slow the tests down; whether it is on: "
              + protection);
    }
    TestFolder folder = new TestFolder(machine);
    folder.make(settings.times());
    boolean pushed =
        new SourcePush(machine, settings.keyFile()).push(source.checkout(), source.changeset());
    steps.done((pushed ? "pushed " : "had ") + source.changeset().shortNode());
    checkOut(machine, folder);
    steps.done("updated");
    return new PreparedWindowsMachine(machine, folder, settings);
  }

  private void checkOut(WindowsMachine machine, TestFolder folder) throws InterruptedException {
    JsonObject values = new JsonObject();
    values.addProperty("node", source.changeset().node());
    if (source.uncommitted().isPresent()) {
      folder.patch(source.uncommitted().get());
      values.addProperty("patch", TestFolder.PATCH);
    }
    Tail said = new Tail();
    int code = machine.run(CHECKING_OUT, values, said, CHECK_OUT);
    if (code != 0) {
      throw new EnvironmentException(
          "cannot check out " + source.changeset().shortNode() + " on " + machine,
          CHECKING_OUT.name() + " ended with " + code + said.after(":\n"),
          "Run the command again, with --keep-on-failure to look at the machine then.");
    }
  }
}
