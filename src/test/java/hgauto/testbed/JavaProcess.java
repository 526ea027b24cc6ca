package hgauto.testbed;

import hgauto.state.StateFolder;
import hgauto.testbed.aws.AwsProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;

/**
 * Runs a command as a process of its own, many times: the built jar and a class of the tests', with
 * an archive of the classes that it loads, so that each start takes a fraction of a second.
 */
public final class JavaProcess {
  private static final Path TARGET = Path.of("target").toAbsolutePath();

  private final CloudScenario scenario;
  private final Path folder;
  private final String classPath;
  private final Path archive;

  private JavaProcess(CloudScenario scenario, Path folder, String classPath) {
    this.scenario = scenario;
    this.folder = folder;
    this.classPath = classPath;
    this.archive = folder.resolve("classes.jsa");
  }

  /**
   * Makes the archive by a first run.
   *
   * @param folder for what all processes need; the caller removes it
   */
  public static JavaProcess prepare(Path folder, CloudScenario scenario) throws Exception {
    Path jar = folder.resolve("tests.jar");
    String program = "hgauto/testbed/MachineProgram.class";
    ToolProvider.findFirst("jar")
        .orElseThrow()
        .run(
            System.out,
            System.err,
            "--create",
            "--file=" + jar,
            "-C",
            TARGET.resolve("test-classes").toString(),
            program);
    JavaProcess java = new JavaProcess(scenario, folder, TARGET.resolve("hgauto.jar") + ":" + jar);
    try (AwsProxy aws = new AwsProxy()) {
      StateFolder state = new StateFolder(folder.resolve("training"));
      String image = scenario.prepare(aws, state);
      Running training = java.with("-XX:ArchiveClassesAtExit=" + java.archive, aws, state, image);
      if (training.run() != 0) {
        throw new AssertionError(training.output());
      }
    }
    return java;
  }

  /** The command in that account, not yet started. */
  public Running in(AwsProxy aws, StateFolder state, String image) {
    return with("-XX:SharedArchiveFile=" + archive, aws, state, image);
  }

  private Running with(String option, AwsProxy aws, StateFolder state, String image) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                option,
                "-Xshare:auto",
                "-Xlog:disable",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                classPath,
                scenario.mainClass()));
    command.addAll(scenario.arguments(state, image));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("out-" + aws.id()).toFile());
    builder.environment().clear();
    builder.environment().putAll(aws.environment());
    builder.environment().put("HOME", folder.toString());
    builder.environment().put("AWS_EC2_METADATA_DISABLED", "true");
    return new Running(builder, folder.resolve("out-" + aws.id()));
  }

  /** One run of the command. */
  public static final class Running {
    private final ProcessBuilder builder;
    private final Path output;
    private volatile Process process;

    private Running(ProcessBuilder builder, Path output) {
      this.builder = builder;
      this.output = output;
    }

    /** Starts it and waits for its end; returns its exit code. */
    public int run() throws IOException, InterruptedException {
      process = builder.start();
      if (!process.waitFor(5, TimeUnit.MINUTES)) {
        kill();
        throw new AssertionError("did not end: " + output());
      }
      return process.exitValue();
    }

    /** Kills it, and returns when it is dead. */
    public void kill() {
      process.destroyForcibly().onExit().join();
    }

    /** Sends it a signal, such as {@code INT}. */
    public void signal(String name) {
      try {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
            .start()
            .onExit()
            .join();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** What it has written. */
    public String output() {
      try {
        return Files.readString(output);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
