package hgauto.testbed.machine;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import hgauto.process.LocalProgram;
import hgauto.testbed.Requires;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A machine as EC2 gives it, played by processes of this one ({@code machine.py}): OpenSSH on port
 * 22 of an address of its own, cloud-init, sudo, a disk or two. It ends when this is closed, when
 * it powers itself off, and when the JVM ends, however that ends. Then nothing is left of it.
 *
 * <p>Needs root; skips the test without it.
 */
public final class TestMachine implements AutoCloseable {
  /** One that makes the layer of {@link ReadyImage} copies thousands of files. */
  private static final Duration STARTS_WITHIN = Duration.ofMinutes(2);

  private static final Duration ENDS_WITHIN = Duration.ofMinutes(1);

  /** As in {@code system.py}. */
  private static final int OWN_LAYER = 100;

  private final Path folder;
  private final Process process;
  private final CompletableFuture<JsonObject> started = new CompletableFuture<>();
  private final CompletableFuture<JsonObject> up = new CompletableFuture<>();
  private final CompletableFuture<JsonObject> sshd = new CompletableFuture<>();
  private final CompletableFuture<JsonObject> frozen = new CompletableFuture<>();
  private volatile String bootFailure;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  private TestMachine(Path folder, Process process) {
    this.folder = folder;
    this.process = process;
  }

  /**
   * Starts one and waits until it has booted, which takes half a second.
   *
   * @param folder that is not there yet; the log stays in it
   */
  public static TestMachine start(MachineSpec spec, Path folder) {
    TestMachine machine = begin(spec, folder);
    try {
      machine.awaitBoot();
      return machine;
    } catch (AssertionError | RuntimeException e) {
      machine.close();
      throw e;
    }
  }

  /** Starts one, which boots meanwhile. */
  public static TestMachine begin(MachineSpec spec, Path folder) {
    requireAll();
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve("spec.json"), spec.json());
      TestMachine machine =
          new TestMachine(
              folder,
              new ProcessBuilder(
                      Requires.env("HGAUTO_TESTBED_PYTHON"),
                      resource("machine.py").toString(),
                      folder.toString())
                  .redirectError(folder.resolve("log").toFile())
                  .start());
      Thread reader = new Thread(machine::listen, "machine " + folder.getFileName());
      reader.setDaemon(true);
      reader.start();
      return machine;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Skips the test where machines cannot be. */
  public static void requireAll() {
    try {
      Requires.that(
          Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0),
          "only root can start machines");
    } catch (IOException | UnsupportedOperationException e) {
      Requires.that(false, "machines need Linux");
    }
    Requires.that(Files.isExecutable(Path.of("/usr/sbin/sshd")), "there is no /usr/sbin/sshd");
    Requires.program("sudo");
  }

  /** A file beside {@code machine.py}. */
  static Path resource(String name) {
    try {
      return Path.of(TestMachine.class.getResource(name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private void listen() {
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        JsonObject event = new Gson().fromJson(line, JsonObject.class);
        switch (event.get("event").getAsString()) {
          case "started" -> started.complete(event);
          case "up" -> up.complete(event);
          case "sshd" -> sshd.complete(event);
          case "frozen" -> frozen.complete(event);
          case "unsupported", "failed" -> {
            bootFailure = event.get("why").getAsString();
            fail(new BootException(event));
          }
          case "ended" -> ended(event);
          default -> throw new IllegalStateException(line);
        }
      }
    } catch (IOException | RuntimeException e) {
      fail(e);
    }
    ended(new JsonObject()); // where machine.py itself has ended early
  }

  private void ended(JsonObject event) {
    fail(new IOException("the machine has ended " + event));
    ended.complete(null);
  }

  /** Whoever still waits need not. */
  private void fail(Exception why) {
    List.of(started, up, sshd, frozen).forEach(event -> event.completeExceptionally(why));
  }

  /** It could not boot. */
  private static final class BootException extends Exception {
    private static final long serialVersionUID = 1;
    private final boolean unsupported;

    private BootException(JsonObject event) {
      super(event.get("why").getAsString());
      this.unsupported = event.get("event").getAsString().equals("unsupported");
    }
  }

  /** Why it could not boot, once that is known. */
  public Optional<String> bootFailure() {
    return Optional.ofNullable(bootFailure).map(why -> why + ": " + log());
  }

  /** Waits until it has booted; fails if it cannot. */
  public void awaitBoot() {
    await(started);
    await(up);
  }

  private <T> T await(CompletableFuture<T> event) {
    try {
      return event.get(STARTS_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof BootException boot && boot.unsupported) {
        Requires.that(false, "cannot start a machine here: " + boot.getMessage());
      }
      throw new AssertionError(e.getCause().getMessage() + ": " + log(), e);
    } catch (TimeoutException e) {
      throw new AssertionError("does not go on: " + log(), e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What its programs have said: cloud-init, sshd, and what it starts by itself. */
  public String log() {
    try {
      return Files.readString(folder.resolve("log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its IPv4 address, that of no other machine; known before it has booted. */
  public String address() {
    return await(started).get("address").getAsString();
  }

  /** Its public host keys once it has booted, such as {@code ssh-ed25519 AAAA…}. */
  public List<String> hostKeys() {
    return await(up).getAsJsonArray("hostKeys").asList().stream()
        .map(JsonElement::getAsString)
        .toList();
  }

  /**
   * A file in it, to be read and written from here as by root; an absolute symbolic link is
   * followed to this machine's files.
   */
  public Path path(String absolute) {
    return Path.of("/proc", Long.toString(pid()), "root", absolute.substring(1));
  }

  /** The first of its processes, as it is numbered here. */
  public long pid() {
    return await(started).get("pid").getAsLong();
  }

  /**
   * Runs a program in it as root, without SSH, and returns what that printed; it must end with 0.
   */
  public String run(String... argv) {
    List<String> all =
        new ArrayList<>(List.of("nsenter", "--target", Long.toString(pid()), "--all"));
    all.addAll(List.of("env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8"));
    all.addAll(List.of(argv));
    try {
      LocalProgram.Result result = LocalProgram.run(all, Path.of("/"), Map.of(), STARTS_WITHIN);
      if (result.exitCode() != 0) {
        throw new AssertionError(List.of(argv) + " failed: " + result);
      }
      return result.out();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** See {@link MachineSpec#sshdLater}. Returns once it listens. */
  public void startSshd() {
    awaitBoot();
    order("sshd");
    await(sshd);
  }

  /** As a power cut that is noticed: all its processes die at once, and connections break. */
  public void cut() {
    order("cut");
    awaitEnd();
  }

  /**
   * As a power cut that is not noticed: from now on nothing in it runs, connections stay and are
   * silent, and new ones are not greeted.
   */
  public void freeze() {
    order("freeze");
    await(frozen);
  }

  /** Waits until it has ended, by itself or otherwise. */
  public void awaitEnd() {
    await(ended);
  }

  /** Is done once it has booted; not if it cannot. */
  public CompletableFuture<Void> up() {
    return up.thenAccept(event -> {});
  }

  /** Is done once it has ended. */
  public CompletableFuture<Void> ended() {
    return ended.copy();
  }

  private void order(String order) {
    await(started);
    try {
      process.getOutputStream().write((order + "\n").getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Copies what was written in it since it was started, as a layer for others; as an image has it.
   */
  public void copyLayer(Path target) {
    try {
      LocalProgram.Result result =
          LocalProgram.run(
              List.of("cp", "-aT", "/proc/" + pid() + "/fd/" + OWN_LAYER + "/.", target.toString()),
              Path.of("/"),
              Map.of(),
              STARTS_WITHIN);
      if (result.exitCode() != 0) {
        throw new AssertionError("cannot copy the machine's layer: " + result);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends it, and returns when it is gone: processes, mounts, loop devices, files but the log. */
  @Override
  public void close() {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    try {
      if (!process.waitFor(ENDS_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("the machine does not end: " + log());
      }
      if (process.exitValue() != 0) {
        throw new AssertionError("something of the machine is left: " + log());
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
