package hgauto.tryserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hgauto.testbed.Processes;
import hgauto.testbed.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GuardedProcessTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  /** In the command line of every process that a test starts. */
  private final String marker = "marker-" + UUID.randomUUID();

  @TempDir private Path folder;
  private RunLog log;
  private Map<String, String> environment;

  @BeforeEach
  void setUp() throws IOException {
    Requires.program("python3");
    log = new RunLog(folder.resolve("log.txt"));
    environment = new LinkedHashMap<>();
    environment.put("PATH", JobSettings.here(Optional.empty(), LONG, System.getenv()).path());
    environment.put("LANG", "C.UTF-8");
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    log.close();
    Processes.awaitEnd(marker);
  }

  private Optional<Integer> run(Duration atMost, String... program)
      throws IOException, InterruptedException {
    return new GuardedProcess(Optional.empty(), environment)
        .run(List.of(program), folder, log, atMost);
  }

  private Optional<Integer> python(Duration atMost, String code)
      throws IOException, InterruptedException {
    return run(atMost, "python3", "-c", "import os, signal, subprocess, sys\n" + code, marker);
  }

  private String printed() throws IOException {
    return Files.readString(folder.resolve("log.txt"));
  }

  @ParameterizedTest
  @CsvSource({"sys.exit(0), 0", "sys.exit(80), 80", "'os.kill(os.getpid(), 15)', 143"})
  void tellsHowTheProgramEnded(String code, int expected) throws Exception {
    assertThat(python(LONG, code)).contains(expected);
  }

  @Test
  void aProgramThatIsNotThereIsToldInTheLog() throws Exception {
    assertThat(run(LONG, "no-such-program", marker)).contains(126);
    assertThat(printed()).contains("cannot run no-such-program", "No such file");
  }

  @Test
  void argumentsReachTheProgramAsTheyAre() throws Exception {
    List<String> hostile = List.of("--user", "root", "--", "a b", "$(touch x)", "", "-c", "é\n");
    assertThat(
            run(
                LONG,
                Stream.concat(
                        Stream.of("python3", "-c", "import sys; print(ascii(sys.argv[1:]))"),
                        hostile.stream())
                    .toArray(String[]::new)))
        .contains(0);
    assertThat(printed())
        .isEqualTo("['--user', 'root', '--', 'a b', '$(touch x)', '', '-c', '\\xe9\\n']\n");
  }

  @Test
  void theEnvironmentIsWhatWasGivenAndStandardInputIsEmpty() throws Exception {
    environment.put("HOME", "/nowhere");
    assertThat(
            run(
                LONG,
                "python3",
                "-c",
                "import os, sys; print(sorted(os.environ)); print(repr(sys.stdin.read()))",
                marker))
        .contains(0);
    assertThat(printed()).isEqualTo("['HOME', 'LANG', 'PATH']\n''\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "subprocess.Popen(['sleep', '1000'])", // no marker: found by its parent's end
        "signal.signal(signal.SIGTERM, signal.SIG_IGN); signal.pause()",
        """
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                os.closerange(0, 3)
                signal.signal(signal.SIGTERM, signal.SIG_IGN)
                while True: signal.pause()
            os._exit(0)
        os.wait()
        """,
      })
  void whateverItLeavesIsEnded(String code) throws Exception {
    // The first and the third end by themselves; the second is at the mercy of the time limit.
    boolean endless = code.startsWith("signal");
    assertThat(python(endless ? Duration.ofSeconds(2) : LONG, code))
        .isEqualTo(endless ? Optional.empty() : Optional.of(0));
    assertThat(Processes.with(marker)).isEmpty();
  }

  @Test
  void theTimeLimitEndsItAndKeepsWhatItPrinted() throws Exception {
    assertThat(
            python(
                Duration.ofSeconds(8), // two Pythons have to start in that time
                "print('so far', flush=True); subprocess.run(['sleep', '1000'])"))
        .isEmpty();
    assertThat(printed()).isEqualTo("so far\n");
  }

  @Test
  void anInterruptEndsIt() throws Exception {
    CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
    Thread caller =
        new Thread(
            () -> {
              try {
                python(LONG, "signal.pause()");
                interrupted.complete(false);
              } catch (InterruptedException e) {
                interrupted.complete(true);
              } catch (IOException e) {
                interrupted.completeExceptionally(e);
              }
            });
    caller.start();
    Processes.awaitStart("import os, signal, subprocess, sys\nsignal.pause() " + marker);
    caller.interrupt();
    assertThat(interrupted.get(30, TimeUnit.SECONDS)).isTrue();
    assertThat(Processes.with(marker)).isEmpty();
  }

  @Test
  void aLogThatCannotBeWrittenIsAnErrorAndNoHang() throws Exception {
    try (RunLog full = new RunLog(Path.of("/dev/full"))) {
      GuardedProcess guarded = new GuardedProcess(Optional.empty(), environment);
      assertThatThrownBy(
              () ->
                  guarded.run(
                      List.of("python3", "-c", "while True: print('x' * 9999)", marker),
                      folder,
                      full,
                      LONG))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("cannot write the log: No space left on device");
    }
  }

  @Test
  void theGuardImportsNothingOfTheJobs() throws Exception {
    // With --job-user the guard is root: what it imported from here would be, too.
    Path home = folder.resolve("home");
    environment.put("HOME", home.toString());
    String steal = "open(" + '"' + folder.resolve("stolen") + '"' + ", 'w')";
    for (String module : List.of("select.py", "ctypes.py", "subprocess.py", "signal.py")) {
      Files.writeString(folder.resolve(module), steal);
    }
    for (int minor = 9; minor < 16; minor++) {
      Path site = home.resolve(".local/lib/python3." + minor + "/site-packages");
      Files.createDirectories(site);
      Files.writeString(site.resolve("usercustomize.py"), steal);
    }
    assertThat(run(LONG, "true")).contains(0);
    assertThat(folder.resolve("stolen")).doesNotExist();
  }
}
