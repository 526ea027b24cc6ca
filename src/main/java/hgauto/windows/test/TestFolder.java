package hgauto.windows.test;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import hgauto.machine.SshMachine;
import hgauto.resource.Resource;
import hgauto.suite.TestEvents;
import hgauto.suite.TestTimes;
import hgauto.windows.WindowsMachine;
import java.util.List;

/**
 * The folder {@code C:\hgdev\tests} of a machine: what runs tests there, what that is told, and
 * what comes of it.
 */
final class TestFolder {
  /** As Windows has it. */
  static final String PATCH = "C:\\hgdev\\tests\\uncommitted.patch";

  /** As Python on Windows has it too; SFTP has a slash before it. */
  private static final String FOLDER = "C:/hgdev/tests";

  private static final String RESULTS = FOLDER + "/results";
  private static final String RUNNER = "run_tests.py";

  /** In bytes: a report holds all differences in the output of tests that failed. */
  private static final int LARGEST = 64 << 20;

  private final WindowsMachine machine;
  private int runs;

  /** Not there yet. */
  TestFolder(WindowsMachine machine) {
    this.machine = machine;
  }

  /**
   * Tests that are to be run.
   *
   * @param settings a file for run_tests.py, as that is given it
   * @param events the file in which it tells of tests, as SFTP has it
   */
  record Run(String settings, String events) {}

  /**
   * Makes it.
   *
   * @param times how long tests took before
   */
  void make(TestTimes times) throws InterruptedException {
    SshMachine ssh = machine.ssh();
    ssh.makeFolder(remote(FOLDER));
    ssh.makeFolder(remote(RESULTS));
    put(FOLDER + "/" + RUNNER, Resource.bytes(WindowsMachine.class, RUNNER));
    put(FOLDER + "/" + TestEvents.TELLER, TestEvents.teller().getBytes(UTF_8));
    if (!times.seconds().isEmpty()) {
      put(RESULTS + "/.testtimes", times.format().getBytes(UTF_8));
    }
  }

  /** Sends the uncommitted changes. */
  void patch(byte[] patch) throws InterruptedException {
    put(PATCH.replace('\\', '/'), patch);
  }

  /**
   * Sends what run_tests.py is told.
   *
   * @param seconds how long it may take
   */
  Run begin(List<String> flags, long seconds) throws InterruptedException {
    runs++;
    String settings = FOLDER + "/run-" + runs + ".json";
    String events = FOLDER + "/events-" + runs + ".txt";
    JsonArray given = new JsonArray();
    flags.forEach(given::add);
    JsonObject run = new JsonObject();
    run.addProperty("results", RESULTS);
    run.addProperty("events", events);
    run.addProperty("seconds", seconds);
    run.add("flags", given);
    put(settings, run.toString().getBytes(UTF_8));
    put(events, new byte[0]);
    return new Run(settings, remote(events));
  }

  /**
   * What run-tests.py has written.
   *
   * @return empty if there is no such file
   * @throws hgauto.error.EnvironmentException if it cannot be read, or is larger than 64 MiB
   */
  String result(String name) throws InterruptedException {
    return machine
        .read(remote(RESULTS + "/" + name), LARGEST)
        .map(content -> new String(content, UTF_8))
        .orElse("");
  }

  private void put(String path, byte[] content) throws InterruptedException {
    machine.put(content, remote(path));
  }

  private static String remote(String path) {
    return "/" + path;
  }
}
