package hgauto.testbed.windows;

import hgauto.testbed.machine.MachineSpec;
import hgauto.testbed.machine.TestMachine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * A machine that stands in for a Windows one. It runs no PowerShell: it knows our scripts by their
 * names, and does what they would do, as far as others see it. Each is parsed as PowerShell before,
 * and gets the values that were sent.
 */
public final class WindowsStandIn {
  private final TestMachine machine;
  private final Agent agent;
  private final DriveC drive;
  private final WindowsBehaviour behaviour;
  private final PlayedRuns runs = new PlayedRuns(this::runAsAdministrator);
  private final Map<String, Play> bySystem = new HashMap<>();
  private final Map<String, Play> byAdministrator = new HashMap<>();

  /**
   * How a script has ended.
   *
   * @param out what it printed
   * @param error what PowerShell said of it
   */
  public record Ended(int exitCode, String out, String error) {}

  /** How Systems Manager sees the machine. */
  @FunctionalInterface
  public interface Agent {
    /** It is online from now on, or its connection is lost. */
    void isOnline(boolean now);
  }

  /**
   * @param agent is told whether Systems Manager reaches the machine
   */
  public WindowsStandIn(TestMachine machine, WindowsBehaviour behaviour, Agent agent) {
    this.machine = machine;
    this.agent = agent;
    this.drive = new DriveC(machine);
    this.behaviour = behaviour;
    SystemScripts system = new SystemScripts(machine);
    bySystem.putAll(system.plays());
    bySystem.putAll(runs.plays());
    bySystem.put("disable-defender.ps1", WindowsStandIn::disableDefender);
    bySystem.put("restart.ps1", run -> restart());
    bySystem.put("check-host.ps1", new PlayedHostCheck(machine)::run);
    byAdministrator.put("bootstrap-windows.ps1", system::bootstrap);
    byAdministrator.putAll(new PlayedBuilds(machine, behaviour).plays());
    byAdministrator.putAll(new PlayedTests(machine).plays());
  }

  /**
   * Makes a layer that a machine has over Debian to be as {@code bootstrap-windows.ps1} and {@code
   * seal-image.ps1} leave it.
   *
   * @param layer that is not there yet
   */
  public static void makeReadyLayer(Path layer) {
    MachineSpec spec =
        MachineSpec.windows().userData("<powershell>\n1\n</powershell>\n<persist>true</persist>\n");
    Path folder = layer.resolveSibling(layer.getFileName() + "-machine");
    try (TestMachine machine = TestMachine.start(spec, folder)) {
      new DriveC(machine).makeFolder("C:\\hgdev\\runs");
      machine.run("sh", "-c", Resource.text("bootstrap.sh"));
      SystemScripts.haveUserDataRunAgain(machine);
      machine.copyLayer(layer);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The machine's disk. */
  public DriveC drive() {
    return drive;
  }

  /** Runs a script to its end as Systems Manager's agent does, as SYSTEM. */
  public Ended runAsSystem(String text) throws InterruptedException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream error = new ByteArrayOutputStream();
    int code = run(bySystem, text, out, error);
    return new Ended(
        code, out.toString(StandardCharsets.UTF_8), error.toString(StandardCharsets.UTF_8));
  }

  private int runAsAdministrator(String text, OutputStream out) throws InterruptedException {
    return run(byAdministrator, text, out, out);
  }

  private int run(Map<String, Play> plays, String text, OutputStream out, OutputStream error)
      throws InterruptedException {
    try {
      PlayedScript script = PlayedScript.read(text);
      Play usual = plays.get(script.name());
      Play play = behaviour.play(script.name()).orElse(usual);
      if (play == null) {
        throw new IOException("the stand-in does not know " + script.name() + " for this account");
      }
      return play.run(new ScriptRun(script.values(), drive, out));
    } catch (IOException | PlayedScript.NoScriptException | AssertionError e) {
      say(error, e);
      return 1;
    }
  }

  private static void say(OutputStream error, Throwable e) {
    try {
      error.write((e.getMessage() + "\r\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException full) {
      e.addSuppressed(full); // the disk is full; PowerShell could not say so either
    }
  }

  /** It has none. */
  private static int disableDefender(ScriptRun run) throws IOException {
    run.print("off");
    return 0;
  }

  /** Connections break, and what runs is ended; the machine is back at once. */
  private int restart() throws InterruptedException {
    agent.isOnline(false);
    runs.endAll();
    machine.run("sh", "-c", Resource.text("restart.sh"));
    agent.isOnline(true);
    return 0;
  }

  /** Whatever runs there is ended, since the machine is. */
  public void end() {
    try {
      runs.endAll();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
