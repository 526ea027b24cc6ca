package hgauto.startup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the built {@code target/hgauto}: how it finds Java, and its archive of classes. */
class LauncherIT {
  private static final Path PROGRAM = Path.of("target", "hgauto").toAbsolutePath();
  private static final String JAVA_HOME = System.getProperty("java.home");

  /** It gives itself five minutes, and then writes the archive. */
  private static final Duration TRAINING = Duration.ofMinutes(10);

  /** Has a nice that is none: where others keep the processors busy, it would last minutes. */
  @TempDir static Path programs;

  /** A state folder with an archive for {@link #PROGRAM}. */
  @TempDir static Path trained;

  @TempDir Path folder;
  private Path state;

  @BeforeAll
  static void train() throws Exception {
    Path nice = Files.writeString(programs.resolve("nice"), "#!/bin/sh\nexec \"$@\"\n");
    Files.setPosixFilePermissions(nice, PosixFilePermissions.fromString("rwx------"));
    assertThat(start(trained, PROGRAM).exitCode()).isZero();
    awaitArchive(trained);
  }

  @BeforeEach
  void nameStateFolder() {
    state = folder.resolve("state folder");
  }

  @Test
  void runsThroughChainedRelativeLinks() throws Exception {
    Path bin = Files.createDirectory(folder.resolve("my bin"));
    Path first = Files.createSymbolicLink(bin.resolve("first"), PROGRAM);
    Path second = Files.createSymbolicLink(bin.resolve("hgauto"), bin.relativize(first));

    assertHelp(start(trained, second));
    assertThat(loadedFromArchive(trained, second)).isTrue();
  }

  /** Java 17 archives only its own classes then, since the jar's URL is not its path. */
  @Test
  void runsFromAPathWithSpaces() throws Exception {
    Path program = copyOfProgram("a place");

    assertHelp(start(state, program));
    awaitArchive(state);
    assertHelp(start(state, program));
  }

  @Test
  void jarRunsByItself() throws Exception {
    assertHelp(run(builder(Path.of(JAVA_HOME, "bin", "java"), "-jar", PROGRAM + ".jar", "--help")));
  }

  @Test
  void saysThatJavaHomeIsWrong() throws Exception {
    ProcessBuilder builder = builder(PROGRAM, "--help");
    builder.environment().put("JAVA_HOME", "/nowhere");

    assertRefused(run(builder), "JAVA_HOME is /nowhere");
  }

  @Test
  void saysThatThereIsNoJava() throws Exception {
    ProcessBuilder builder = builder(PROGRAM, "--help");
    builder.environment().remove("JAVA_HOME");
    builder.environment().put("PATH", folder.toString());

    assertRefused(run(builder), "no java on the PATH");
  }

  @Test
  void saysThatJavaIsTooOldWithoutStartingIt() throws Exception {
    Path java = fakeJava("touch started");
    Files.writeString(java.resolve("../../release").normalize(), "JAVA_VERSION=\"11.0.2\"\n");
    ProcessBuilder builder = builder(PROGRAM, "--help");
    builder.environment().put("JAVA_HOME", java.getParent().getParent().toString());

    assertRefused(run(builder), "Java 11");
    assertThat(folder.resolve("started")).doesNotExist();
  }

  @Test
  void asksAJavaThatHasNoReleaseFile() throws Exception {
    Path java = fakeJava("echo 'java version \"1.8.0_392\"' >&2");
    ProcessBuilder builder = builder(PROGRAM, "--help");
    builder.environment().put("JAVA_HOME", java.getParent().getParent().toString());

    assertRefused(run(builder), "Java 1.");
  }

  @Test
  void usesTheArchiveOfAnEarlierRun() throws Exception {
    assertThat(loadedFromArchive(trained, PROGRAM)).isTrue();
    assertThat(archives(trained)).hasSize(1);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(cache(trained))))
        .isEqualTo("rwx------");
  }

  @Test
  void archiveHasWhatTheCommandsForEc2Need() throws Exception {
    assertThat(Files.readString(archives(trained).get(0), StandardCharsets.ISO_8859_1))
        .contains("hgauto/aws/inventory/DiskSearch");
  }

  @Test
  void replacesTheArchiveWhenTheJarChanges() throws Exception {
    Path program = copyOfProgram("place");
    start(state, program);
    awaitArchive(state);
    Path old = archives(state).get(0);

    Files.setLastModifiedTime(program, FileTime.from(Instant.EPOCH.plusSeconds(1_000_000_000)));
    assertHelp(start(state, program));

    await().atMost(TRAINING).until(() -> Files.notExists(old) && files(state).size() == 1);
    assertThat(loadedFromArchive(state, program)).isTrue();
  }

  @Test
  void findsTheStatePathInEitherFormButNotAfterTwoDashes() throws Exception {
    // Stands in for java, and says where the launcher would have the archive made.
    Path java = Files.createDirectories(folder.resolve("jdk/bin")).resolve("java");
    Files.writeString(
        java, "#!/bin/sh\nfor a; do case $a in -Dhgauto*) echo \"$a\" ;; esac; done\n");
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
    Files.writeString(folder.resolve("jdk/release"), "JAVA_VERSION=\"17\"\n");

    assertThat(javaArguments("--state-path=/one", "try")).contains("=/one/cache");
    assertThat(javaArguments("try", "--state-path", "/two")).contains("=/two/cache");
    assertThat(javaArguments("try", "--", "--state-path=/three")).contains("/.hgautomation/cache");
  }

  @Test
  void commandsThatWorkOnMachinesHaveTheBetterCompiler() throws Exception {
    Path java = fakeJava("echo \"$*\"");
    Files.writeString(java.resolve("../../release").normalize(), "JAVA_VERSION=\"17\"\n");

    for (String command :
        List.of(
            "bootstrap-linux-dev",
            "bootstrap-windows-dev",
            "run-tests-linux",
            "run-tests-windows",
            "check-host",
            "build-all-windows-packages",
            "build-inno",
            "publish-windows-artifacts")) {
      assertThat(javaArguments("--state-path", "/one", command, "--help"))
          .doesNotContain("TieredStopAtLevel")
          .contains("-Xmn32m", "CompileThresholdScaling,com.sun.crypto.provider.GHASH::*,");
    }
    for (String command : List.of("try", "list-ec2-resources", "--help")) {
      assertThat(javaArguments(command, "--", "check-host"))
          .contains("-XX:TieredStopAtLevel=1", "-Xmn8m");
    }
  }

  @Test
  void namesOfFilesAreNoFlags() throws Exception {
    Path java = fakeJava("echo \"$*\"");
    Files.writeString(java.resolve("../../release").normalize(), "JAVA_VERSION=\"17\"\n");
    Path checkout = Files.createDirectory(folder.resolve("checkout"));
    String flag = "-XX:CompileCommand=CompileThresholdScaling,java.math.";
    Files.createFile(checkout.resolve(flag + "a::b -javaagent:theirs.jar,0.08"));

    assertThat(javaArguments(checkout, "check-host"))
        .contains(flag + "*::*,0.08")
        .doesNotContain("theirs.jar");
  }

  @Test
  void commandsThatWorkOnMachinesUseTheSameArchive() throws Exception {
    assertThat(classesLoaded(trained, PROGRAM, "check-host", "--help"))
        .contains("hgauto.cli.Main source: shared objects file")
        .contains("picocli.CommandLine source: shared objects file");
    assertThat(Files.readString(archives(trained).get(0), StandardCharsets.ISO_8859_1))
        .contains("hgauto/machine/SshMachine", "org/apache/sshd/sftp/client/impl/SftpOutputStream")
        .contains("hgauto/linux/LinuxHostCheck", "hgauto/linux/WorkFolder");
  }

  private String javaArguments(String... arguments) throws Exception {
    return javaArguments(folder, arguments);
  }

  private String javaArguments(Path at, String... arguments) throws Exception {
    ProcessBuilder builder = builder(PROGRAM, arguments).directory(at.toFile());
    builder.environment().put("JAVA_HOME", folder.resolve("jdk").toString());
    builder.environment().put("HOME", folder.toString());
    return run(builder).out();
  }

  @Test
  void worksWhereNothingCanBeWritten() throws Exception {
    assertHelp(start(Path.of("/proc/hgauto"), PROGRAM));
  }

  @Test
  void worksWhereTheStateFolderIsAFile() throws Exception {
    Files.writeString(state, "mine");

    assertHelp(start(state, PROGRAM));
    assertThat(state).hasContent("mine");
  }

  @Test
  void worksWhereTheCacheIsAFile() throws Exception {
    Files.createDirectory(state);
    Files.writeString(cache(state), "mine");

    assertHelp(start(state, PROGRAM));
    assertThat(cache(state)).hasContent("mine");
  }

  @Test
  void ignoresAnArchiveOfGarbage() throws Exception {
    Files.createDirectories(cache(state));
    Path garbage = cache(state).resolve(archives(trained).get(0).getFileName());
    Files.write(garbage, new byte[1_000_000]);

    assertHelp(start(state, PROGRAM));
    assertThat(loadedFromArchive(state, PROGRAM)).isFalse();
  }

  @Test
  void makesOneArchiveForEightAtOnce() throws Exception {
    List<Process> processes = new ArrayList<>();
    for (int count = 0; count < 8; count++) {
      processes.add(builder(PROGRAM, "--help", "--state-path", state.toString()).start());
    }
    for (Process process : processes) {
      assertHelp(result(process));
    }

    awaitArchive(state);
    assertThat(files(state)).hasSize(1);
  }

  @Test
  void leavesTheTrainingToWhoeverIsAtItAndTakesOverWhatWasAbandoned() throws Exception {
    String name = archives(trained).get(0).getFileName().toString();
    Path lock =
        Files.createDirectories(
            cache(state)
                .resolve(name.replaceFirst("start-[0-9]+-", ".start-").replace(".jsa", "")));
    Path inside = Files.createFile(lock.resolve("theirs"));

    makeArchive();
    assertThat(files(state)).containsExactly(lock);
    assertThat(inside).exists();

    Files.setLastModifiedTime(lock, FileTime.from(Instant.now().minus(Duration.ofHours(1))));
    makeArchive();
    assertThat(files(state)).containsExactlyElementsOf(archives(state)).hasSize(1);
  }

  /** What a run without an archive starts when it has ended; waits for it to close its output. */
  private void makeArchive() throws Exception {
    ProcessBuilder builder = builder(PROGRAM);
    builder.environment().put("HGAUTO_ARCHIVE_CACHE", cache(state).toString());
    run(builder);
  }

  private Path copyOfProgram(String place) throws IOException {
    Path copy = Files.createDirectory(folder.resolve(place)).resolve("hgauto");
    return Files.copy(PROGRAM, copy, StandardCopyOption.COPY_ATTRIBUTES);
  }

  private Path fakeJava(String script) throws IOException {
    Path java = Files.createDirectories(folder.resolve("jdk/bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\ncd '" + folder + "'\n" + script + "\n");
    return Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
  }

  private record Result(int exitCode, String out, String err) {}

  private static void assertHelp(Result result) {
    assertThat(result.err()).isEmpty();
    assertThat(result.out()).contains("Usage: hgauto");
    assertThat(result.exitCode()).isZero();
  }

  private static void assertRefused(Result result, String why) {
    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(result.out()).isEmpty();
    assertThat(result.err().lines()).hasSize(3);
    assertThat(result.err()).startsWith("hgauto: ").contains(why);
  }

  private static Result start(Path state, Path program) throws Exception {
    return run(builder(program, "--state-path", state.toString(), "--help"));
  }

  private static boolean loadedFromArchive(Path state, Path program) throws Exception {
    String loaded = classesLoaded(state, program, "--help");
    assertThat(loaded).contains("hgauto.cli.Main source: ");
    return loaded.contains("hgauto.cli.Main source: shared objects file")
        && loaded.contains("picocli.CommandLine source: shared objects file");
  }

  private static String classesLoaded(Path state, Path program, String... arguments)
      throws Exception {
    Path log = Files.createTempFile("classes", ".log");
    List<String> all = new ArrayList<>(List.of("--state-path", state.toString()));
    all.addAll(List.of(arguments));
    ProcessBuilder builder = builder(program, all.toArray(String[]::new));
    builder.environment().put("JDK_JAVA_OPTIONS", "-Xlog:class+load:file=" + log);
    run(builder);
    String loaded = Files.readString(log);
    Files.delete(log);
    return loaded;
  }

  private static ProcessBuilder builder(Path program, String... arguments) {
    List<String> argv = new ArrayList<>(List.of(program.toString()));
    argv.addAll(Arrays.asList(arguments));
    ProcessBuilder builder = new ProcessBuilder(argv);
    builder.environment().put("JAVA_HOME", JAVA_HOME);
    builder.environment().put("HOME", trained.toString());
    builder.environment().put("PATH", programs + ":" + System.getenv("PATH"));
    builder.environment().remove("JDK_JAVA_OPTIONS");
    return builder;
  }

  private static Result run(ProcessBuilder builder) throws Exception {
    return result(builder.start());
  }

  private static Result result(Process process) throws Exception {
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Result(process.waitFor(), out, err);
  }

  private static void awaitArchive(Path state) {
    await()
        .atMost(TRAINING)
        .until(() -> archives(state).equals(files(state)) && !archives(state).isEmpty());
  }

  private static Path cache(Path state) {
    return state.resolve("cache");
  }

  private static List<Path> archives(Path state) throws IOException {
    return files(state).stream().filter(file -> file.toString().endsWith(".jsa")).toList();
  }

  private static List<Path> files(Path state) throws IOException {
    if (!Files.isDirectory(cache(state))) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(cache(state))) {
      return files.toList();
    }
  }
}
