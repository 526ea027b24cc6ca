package hgauto.windows;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.google.gson.JsonObject;
import hgauto.error.EnvironmentException;
import hgauto.error.HgautoException;
import hgauto.error.MachineLostException;
import hgauto.error.RemoteWorkException;
import hgauto.machine.SshMachine;
import hgauto.machine.SshMachine.Part;
import hgauto.poll.Poll;
import hgauto.state.Reason;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A script that runs as Administrator. Systems Manager starts a scheduled task; that writes what
 * the script prints to a file, which is followed over SFTP, and its exit code to another. The
 * script itself goes with the request to start it, or before it by SFTP if it is large. A
 * connection that is cut meanwhile is made again: the task does not depend on it.
 */
final class AdministratorRun {
  private static final Logger LOG = LoggerFactory.getLogger(AdministratorRun.class);

  private static final String RUNS = "/C:/hgdev/runs/";
  private static final String TASK = "run-as-administrator.ps1";

  private static final int LARGEST_BY_SYSTEMS_MANAGER = 32 * 1024;

  /** Many runs are short; they are looked at more often at first. */
  private static final Duration FIRST_EVERY = Duration.ofMillis(50);

  private static final Duration FIRST = Duration.ofSeconds(5);
  private static final Duration EVERY = Duration.ofMillis(250);

  /** One that prints nothing for so long may have been ended by somebody else. */
  static final Duration QUIET = Duration.ofMinutes(3);

  private static final Duration STARTS_WITHIN = Duration.ofMinutes(5);
  private static final Duration LOOKS_WITHIN = Duration.ofMinutes(1);
  private static final Duration ENDS_WITHIN = Duration.ofMinutes(1);

  /** Whoever interrupts a run does not wait for its end; its machine is ended next. */
  private static final Duration ENDS_BRIEFLY = Duration.ofSeconds(5);

  /** What SFTP gives in one answer: mostly there is nothing new, or little. */
  private static final int READ_FIRST = 1 << 15;

  /** Where there is more than that. */
  private static final int READ_AT_ONCE = 1 << 18;

  private static final int LONGEST_EXIT_CODE = 20;

  private final WindowsConnection connection;
  private final SystemScripts system;
  private final Poll poll;
  private final String name;
  private final String id = UUID.randomUUID().toString();
  private final String folder = RUNS + id;
  private long copied;

  /** When Systems Manager is to be asked whether the task runs. */
  private Instant doubtful;

  /** Whether it is since then that nobody has known whether the task runs. */
  private boolean wasCut;

  /**
   * @param connection as Administrator, {@link #prepare prepared}
   * @param name for people: "build-wheel.ps1 on i-0a1b (hg-windows-dev in us-west-2)"
   */
  AdministratorRun(WindowsConnection connection, SystemScripts system, Poll poll, String name) {
    this.connection = connection;
    this.system = system;
    this.poll = poll;
    this.name = name;
  }

  /** Makes a machine ready for runs, once; {@code enable-openssh.ps1} has made the folder. */
  static void prepare(SshMachine ssh) throws InterruptedException {
    ssh.put(WindowsScript.named(TASK).text().getBytes(US_ASCII), RUNS + TASK, 0644);
  }

  /** See {@link WindowsMachine#run}. It can be called once. */
  int run(WindowsScript script, JsonObject values, OutputStream log, Duration atMost)
      throws InterruptedException {
    JsonObject task = task();
    // Where nobody ends it, it is ended by itself, a little later.
    task.addProperty("atMostSeconds", atMost.plusMinutes(1).toSeconds());
    byte[] file = script.file(values);
    if (file.length <= LARGEST_BY_SYSTEMS_MANAGER) { // else its document would be too large
      task.addProperty("script", new String(file, US_ASCII));
    } else {
      connection.ssh().makeFolder(folder);
      connection.put(file, folder + "/run.ps1");
    }
    try {
      system.run(WindowsScript.named("start-run.ps1"), task, STARTS_WITHIN);
      return follow(new WindowsText(log), atMost);
    } catch (MachineLostException e) {
      throw e; // there is nobody to end it, or it has ended
    } catch (InterruptedException e) {
      endBriefly();
      throw e;
    } catch (RuntimeException | Error e) {
      if (Thread.interrupted()) { // a call that is interrupted fails
        endBriefly();
        Thread.currentThread().interrupt();
      } else {
        end();
      }
      throw e;
    }
  }

  /** What the scripts that see to the task are given. */
  private JsonObject task() {
    JsonObject values = new JsonObject();
    values.addProperty("run", id);
    return values;
  }

  private int follow(WindowsText log, Duration atMost) throws InterruptedException {
    Instant begin = poll.clock().instant();
    Instant end = begin.plus(atMost);
    Duration seen = atMost.plus(QUIET); // it is seen in lookInTime that the time is up
    beSure();
    Optional<Integer> early =
        poll.until(
            name + " to end",
            FIRST_EVERY,
            seen,
            () -> {
              Optional<Integer> code = lookInTime(log, end, atMost);
              boolean isFirst = poll.clock().instant().isBefore(begin.plus(FIRST));
              return code.isEmpty() && isFirst ? Optional.empty() : Optional.of(code);
            });
    return early.isPresent()
        ? early.get()
        : poll.until(name + " to end", EVERY, seen, () -> lookInTime(log, end, atMost));
  }

  private Optional<Integer> lookInTime(WindowsText log, Instant end, Duration atMost)
      throws InterruptedException {
    Optional<Integer> code = look(log);
    if (code.isEmpty() && !poll.clock().instant().isBefore(end)) {
      throw new RemoteWorkException(
          name + " did not end in " + atMost.toMinutes() + " min",
          "it was ended",
          "Look at the end of what it printed.");
    }
    return code;
  }

  private Optional<Integer> look(WindowsText log) throws InterruptedException {
    long before = copied;
    Optional<Integer> code = passOn(log);
    if (copied > before && !wasCut) {
      beSure();
    }
    return code.isPresent() || poll.clock().instant().isBefore(doubtful) ? code : askState(log);
  }

  /** The task runs, as far as can be told. */
  private void beSure() {
    doubtful = poll.clock().instant().plus(QUIET);
  }

  /** Passes on what it has printed since; its exit code, if it is known that it has ended. */
  private Optional<Integer> passOn(WindowsText log) throws InterruptedException {
    try {
      return pass(log);
    } catch (MachineLostException e) {
      connection.reconnect(e);
      wasCut = true;
      doubtful = poll.clock().instant(); // the machine may have been restarted
      return Optional.empty();
    }
  }

  private int exitCode(byte[] file) {
    String content = new String(file, US_ASCII).strip();
    try {
      return Integer.parseInt(content);
    } catch (NumberFormatException e) {
      throw withoutExitCode("there is \"" + content + "\" where it should be");
    }
  }

  /** Passes on what it has printed since the last look; its exit code, if it has ended. */
  private Optional<Integer> pass(WindowsText log) throws InterruptedException {
    try {
      Optional<Integer> code;
      int atMost = READ_FIRST;
      boolean isMore;
      do { // the exit code before the log, which is whole once that is there
        List<Optional<byte[]>> seen =
            connection
                .ssh()
                .read(
                    List.of(
                        new Part(folder + "/exit.txt", 0, LONGEST_EXIT_CODE),
                        new Part(folder + "/log.txt", copied, atMost)));
        code = seen.get(0).map(this::exitCode);
        byte[] printed = seen.get(1).orElseGet(() -> new byte[0]);
        copied += printed.length;
        log.write(printed);
        isMore = printed.length == atMost;
        atMost = READ_AT_ONCE;
      } while (isMore);
      if (code.isPresent()) {
        log.end();
      } else {
        log.flush();
      }
      return code;
    } catch (IOException e) {
      throw new EnvironmentException(
          "cannot pass on what " + name + " prints",
          Reason.of(e),
          "Make room for it here, or have it print less.",
          e);
    }
  }

  /**
   * A task that was ended from outside leaves no exit code; nor does one whose disk is full. Where
   * Systems Manager does not tell, that is no reason to give it up: SSH answers.
   */
  private Optional<Integer> askState(WindowsText log) throws InterruptedException {
    beSure();
    String state;
    try {
      state = system.run(WindowsScript.named("look-at-run.ps1"), task(), LOOKS_WITHIN).strip();
    } catch (HgautoException e) {
      LOG.warn("whether {} still runs is not known", name, e);
      return Optional.empty();
    }
    if (state.startsWith("Running") || state.startsWith("Queued")) {
      wasCut = false;
      return Optional.empty();
    }
    Optional<Integer> code = passOn(log);
    if (code.isEmpty()) {
      throw wasCut
          ? new MachineLostException(
              name + " was ended, as by a restart of the machine",
              "the connection was cut meanwhile, and its scheduled task is: " + state,
              "Run the command again.",
              null)
          : withoutExitCode("its scheduled task is: " + state);
    }
    return code;
  }

  private EnvironmentException withoutExitCode(String why) {
    return new EnvironmentException(
        name + " ended without an exit code",
        why,
        "Look at the end of what it printed, and run the command again.");
  }

  /** That this fails is only logged: something else has. The machine may be lost by now. */
  private void end() {
    try {
      system.run(WindowsScript.named("end-run.ps1"), task(), ENDS_WITHIN);
    } catch (HgautoException e) {
      LOG.warn("{} may go on until its machine ends", name, e);
    } catch (InterruptedException e) {
      LOG.warn("{} may go on until its machine ends", name, e);
      Thread.currentThread().interrupt();
    }
  }

  /** Systems Manager may take minutes to hear from a machine. */
  private void endBriefly() throws InterruptedException {
    Thread ending = new Thread(this::end, "end of " + name);
    ending.setDaemon(true);
    ending.start();
    ending.join(ENDS_BRIEFLY.toMillis());
    ending.interrupt();
  }
}
