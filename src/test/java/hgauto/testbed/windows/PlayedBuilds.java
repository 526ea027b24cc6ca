package hgauto.testbed.windows;

import com.google.gson.JsonObject;
import hgauto.state.Folders;
import hgauto.testbed.machine.TestMachine;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What {@code build-wheel.ps1} and {@code build-installer.ps1} do. A package is bytes that depend
 * on its name and on what it is built from.
 */
final class PlayedBuilds {
  private static final String DIST = "C:\\hgdev\\src\\dist";
  private static final Duration FOR_EVER = Duration.ofDays(1);

  private final TestMachine machine;
  private final WindowsBehaviour behaviour;
  private final Set<String> known = ConcurrentHashMap.newKeySet();

  PlayedBuilds(TestMachine machine, WindowsBehaviour behaviour) {
    this.machine = machine;
    this.behaviour = behaviour;
  }

  Map<String, Play> plays() {
    return Map.of("build-wheel.ps1", this::build, "build-installer.ps1", this::build);
  }

  private int build(ScriptRun run) throws IOException, InterruptedException {
    String node = run.value("node");
    String output = run.value("output");
    String name = output.substring(output.lastIndexOf('\\') + 1);
    Optional<PackageFault> fault = behaviour.fault(name);
    Charset charset =
        fault
            .map(
                it ->
                    switch (it) {
                      case PRINTS_UTF_16 -> StandardCharsets.UTF_16LE;
                      case PRINTS_CP_1252 -> Charset.forName("windows-1252");
                      default -> StandardCharsets.UTF_8;
                    })
            .orElse(StandardCharsets.UTF_8);
    Instant end =
        Instant.now()
            .plus(
                fault.equals(Optional.of(PackageFault.NEVER_ENDS))
                    ? FOR_EVER
                    : behaviour.buildTime());
    assureKnown(node);
    say(run, charset, "building " + name + " of " + node + " – “" + run.value("builder") + "”");
    boolean fails = fault.equals(Optional.of(PackageFault.FAILS));
    if (!fails) {
      fillDist(run, name, fault, node);
    }
    run.pauseUntil(end);
    if (fails) {
      say(run, charset, "error: the stand-in was told to fail");
      return 1;
    }
    empty(run, output);
    save(run, output);
    say(run, charset, "built " + name);
    tell(run, output);
    return 0;
  }

  private void fillDist(ScriptRun run, String name, Optional<PackageFault> fault, String node)
      throws IOException {
    empty(run, DIST);
    if (run.value("builder").equals("py2exe")) { // that it is in dist is py2exe's default
      make(run, "hg.exe", node);
      make(run, "python27.dll", node);
      make(run, "lib\\library.zip", node);
    }
    if (!fault.equals(Optional.of(PackageFault.MAKES_NOTHING))) {
      String made =
          fault.equals(Optional.of(PackageFault.OTHER_VERSION))
              ? name.replace("-" + run.value("version") + "-", "-0.0-")
              : name;
      make(run, made, node);
    }
    if (fault.equals(Optional.of(PackageFault.MAKES_TWO))) {
      make(run, name.replace("-" + run.value("version") + "-", "-0.0-"), node);
    }
  }

  private static void say(ScriptRun run, Charset charset, String line) throws IOException {
    run.write((line + "\r\n").getBytes(charset));
  }

  private void assureKnown(String node) throws IOException {
    if (known.contains(node)) {
      return;
    }
    try {
      machine.run("hg", "--repository", "/C:/hgdev/src", "log", "--rev", node, "--template", "x");
      known.add(node);
    } catch (AssertionError e) {
      throw new IOException("abort: unknown revision '" + node + "'", e);
    }
  }

  private static void empty(ScriptRun run, String folder) throws IOException {
    if (Files.exists(run.drive().path(folder))) {
      Folders.delete(run.drive().path(folder));
    }
    run.drive().makeFolder(folder);
  }

  private void make(ScriptRun run, String name, String node) throws IOException {
    byte[] content = new byte[behaviour.packageSize()];
    new Random((name + node).hashCode()).nextBytes(content);
    String path = DIST + "\\" + name;
    run.drive().makeFolder(path.substring(0, path.lastIndexOf('\\')));
    run.drive().write(path, content);
  }

  /** As {@code Save-Packages} does. */
  private static void save(ScriptRun run, String output) throws IOException {
    Path from = run.drive().path(DIST);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(from, run.value("pattern"))) {
      for (Path file : files) {
        Files.move(file, run.drive().path(output).resolve(file.getFileName()));
      }
    }
  }

  /** Tells which files are there. */
  private static void tell(ScriptRun run, String output) throws IOException {
    Path folder = run.drive().path(output);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, Files::isRegularFile)) {
      for (Path file : files) {
        JsonObject line = new JsonObject();
        line.addProperty("name", file.getFileName().toString());
        line.addProperty("size", Files.size(file));
        line.addProperty("sha256", sha256(file));
        run.print("\r\nmade: " + line);
      }
    }
  }

  private static String sha256(Path file) throws IOException {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
