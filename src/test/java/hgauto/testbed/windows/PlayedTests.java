package hgauto.testbed.windows;

import hgauto.testbed.machine.TestMachine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What {@code prepare-tests.ps1} and {@code run-tests.ps1} do. The changeset's own run-tests.py
 * runs, under the machine's Python, started by the {@code run_tests.py} that was sent there; so
 * what it prints and tells is real, but for Windows' ends of lines, which are added.
 */
final class PlayedTests {
  private final TestMachine machine;

  PlayedTests(TestMachine machine) {
    this.machine = machine;
  }

  Map<String, Play> plays() {
    return Map.of("prepare-tests.ps1", this::prepare, "run-tests.ps1", this::run);
  }

  private int prepare(ScriptRun run) throws IOException {
    List<String> argv =
        new ArrayList<>(List.of("runuser", "-u", "Administrator", "--", "sh", "-c"));
    argv.add(Resource.text("prepare-tests.sh"));
    argv.addAll(List.of("prepare-tests.sh", run.value("node")));
    if (run.has("patch")) {
      argv.add("/" + run.value("patch").replace('\\', '/'));
    }
    run.print(machine.run(argv.toArray(String[]::new)));
    return 0;
  }

  private int run(ScriptRun run) throws IOException, InterruptedException {
    if (!run.value("python").matches("python3\\d+-x(86|64)")) {
      throw new IOException("no such program: " + run.value("python"));
    }
    bindDriveAsMsysHasIt();
    Path settings = run.drive().path(run.value("run").replace('/', '\\'));
    // Python's and run-tests.py's paths are lists here, whose parts colons are between.
    run.drive()
        .write(
            run.value("run").replace('/', '\\'),
            Files.readString(settings).replace("\"C:/", "\"/c/").getBytes(StandardCharsets.UTF_8));
    String script = "cd /c/hgdev/src/tests && exec python3 /c/hgdev/tests/run_tests.py \"$1\"";
    Process process =
        new ProcessBuilder(
                List.of(
                    "nsenter",
                    "--target",
                    Long.toString(machine.pid()),
                    "--all",
                    "env",
                    "-i",
                    "PATH=/usr/local/bin:/usr/sbin:/usr/bin:/bin",
                    "LANG=C.UTF-8",
                    "HOME=/home/Administrator",
                    "MSYSTEM=MINGW32",
                    "PYTHONUNBUFFERED=1",
                    "runuser",
                    "-u",
                    "Administrator",
                    "--",
                    "sh",
                    "-c",
                    script,
                    "run-tests",
                    run.value("run").replace("C:/", "/c/")))
            .redirectErrorStream(true)
            .start();
    Thread copying = new Thread(() -> copy(process, run), "run-tests.py");
    copying.setDaemon(true);
    copying.start();
    try {
      int code = process.waitFor();
      copying.join();
      return code;
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private void bindDriveAsMsysHasIt() throws IOException {
    machine.run("sh", "-c", "mountpoint -q /c || { mkdir -p /c && mount --bind /C: /c; }");
    Path taskkill = machine.path("/usr/local/bin/taskkill.exe");
    if (!Files.exists(taskkill)) {
      Files.writeString(taskkill, Resource.text("taskkill.sh"));
      machine.run("chmod", "755", "/usr/local/bin/taskkill.exe");
    }
  }

  private static void copy(Process process, ScriptRun run) {
    try (InputStream in = process.getInputStream()) {
      byte[] buffer = new byte[1 << 16];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        String text = new String(buffer, 0, count, StandardCharsets.ISO_8859_1);
        run.write(text.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
      }
    } catch (IOException e) {
      process.destroyForcibly(); // the disk is full, or the machine is gone
    }
  }
}
