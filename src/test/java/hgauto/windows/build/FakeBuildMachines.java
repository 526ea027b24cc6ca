package hgauto.windows.build;

import com.google.gson.JsonObject;
import hgauto.hg.Changeset;
import hgauto.hg.Checkout;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Machines in memory, whose builds make a file as they should unless a test says otherwise.
 * Remembers what was done, in its order.
 */
public final class FakeBuildMachines implements BuildMachines {
  /** A build, which returns the exit code of its script. */
  @FunctionalInterface
  public interface Build {
    /** Prints to the log, and puts files onto the machine. */
    int run(Machine machine, OutputStream log) throws IOException, InterruptedException;
  }

  /** Something that happens to a machine. */
  @FunctionalInterface
  public interface Step {
    /** Throws what the machine would throw. */
    void on(Machine machine) throws InterruptedException;
  }

  private static final Step NOTHING = machine -> {};

  private final List<String> done = Collections.synchronizedList(new ArrayList<>());
  private final Map<String, Deque<Build>> builds = new ConcurrentHashMap<>();
  private final Map<String, Deque<Step>> downloads = new ConcurrentHashMap<>();

  /** What happens when a machine is launched, by its number. */
  final Map<Integer, Step> opening = new HashMap<>();

  /** The instance types of machines that are not as wanted, by number. */
  public final Map<Integer, String> types = new HashMap<>();

  /** What happens when the changeset is pushed. */
  Step pushing = NOTHING;

  private Step closing = NOTHING;

  /** What is in a file that a build makes as it should. */
  public static String content(String name) {
    return "built " + name;
  }

  /** A build that makes these files. */
  public static Build making(String... names) {
    return (machine, log) -> {
      for (String name : names) {
        machine.put(name, content(name));
      }
      return 0;
    };
  }

  /** A build that prints something and fails. */
  public static Build failing(int code, String printed) {
    return (machine, log) -> {
      log.write(printed.getBytes(StandardCharsets.UTF_8));
      return code;
    };
  }

  /** Says how the next builds of a package go, one after the other. */
  public void onBuild(String name, Build... these) {
    builds.computeIfAbsent(name, any -> new ArrayDeque<>()).addAll(List.of(these));
  }

  /** Says what happens when a machine is ended. */
  public void onClose(Step step) {
    closing = step;
  }

  /** Says what happens when a package is fetched, once for each. */
  void onDownload(String name, Step... these) {
    downloads.computeIfAbsent(name, any -> new ArrayDeque<>()).addAll(List.of(these));
  }

  /** "open 1", "push 1", "build 1 x.whl", "fetch 1 x.whl", "succeeded 1", "close 1". */
  public List<String> done() {
    synchronized (done) {
      return List.copyOf(done);
    }
  }

  /** Those of them that begin so. */
  List<String> done(String begin) {
    return done().stream().filter(what -> what.startsWith(begin)).toList();
  }

  @Override
  public String type() {
    return "t3.medium";
  }

  @Override
  public BuildMachine open(int number) throws InterruptedException {
    done.add("open " + number);
    Machine machine = new Machine(number);
    opening.getOrDefault(number, NOTHING).on(machine);
    return machine;
  }

  /** One of them. */
  public final class Machine implements BuildMachine {
    private final int number;

    /** By folder and name. */
    private final Map<String, Map<String, byte[]>> files = new ConcurrentHashMap<>();

    /** Of the build that is under way. */
    private String output;

    private Machine(int number) {
      this.number = number;
    }

    /** Its number, of those that were opened together. */
    int number() {
      return number;
    }

    /** Puts a file to where the build under way is to put its own. */
    public void put(String name, String content) {
      files.get(output).put(name, content.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String name() {
      return "i-" + number;
    }

    @Override
    public String type() {
      return types.getOrDefault(number, "t3.medium");
    }

    @Override
    public void push(Checkout checkout, Changeset changeset) throws InterruptedException {
      done.add("push " + number);
      pushing.on(this);
    }

    @Override
    public int run(String script, JsonObject parameters, OutputStream log, Duration atMost)
        throws InterruptedException {
      output = parameters.get("output").getAsString();
      files.put(output, new ConcurrentHashMap<>());
      String name = output.substring(output.lastIndexOf('\\') + 1);
      done.add("build " + number + " " + name);
      Deque<Build> next = builds.getOrDefault(name, new ArrayDeque<>());
      Build build = Objects.requireNonNullElse(next.poll(), making(name));
      try {
        int code = build.run(this, log);
        if (code == 0) {
          tell(log);
        }
        return code;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** As {@code Save-Packages} of the scripts does. */
    private void tell(OutputStream log) throws IOException {
      for (Map.Entry<String, byte[]> file : files.get(output).entrySet()) {
        JsonObject line = new JsonObject();
        line.addProperty("name", file.getKey());
        line.addProperty("size", file.getValue().length);
        line.addProperty("sha256", sha256(file.getValue()));
        log.write(("\r\nmade: " + line + "\r\n").getBytes(StandardCharsets.UTF_8));
      }
    }

    @Override
    public void download(String remote, long size, Path local) throws InterruptedException {
      String path = remote.substring(1).replace('/', '\\');
      int end = path.lastIndexOf('\\');
      String name = path.substring(end + 1);
      done.add("fetch " + number + " " + name);
      byte[] content = files.get(path.substring(0, end)).get(name);
      try {
        Step step = downloads.getOrDefault(name, new ArrayDeque<>()).poll();
        if (step != null) {
          Files.write(local, new byte[content.length / 2]);
          step.on(this);
        } else {
          Files.write(local, content);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void succeeded() {
      done.add("succeeded " + number);
    }

    @Override
    public void close() {
      done.add("close " + number);
      try {
        closing.on(this);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
