package hgauto.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalProgramTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  @TempDir private Path folder;

  @Test
  void returnsExitCodeAndBothOutputs() throws IOException {
    LocalProgram.Result result = sh("echo out; echo err >&2; exit 3");
    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(result.out()).isEqualTo("out\n");
    assertThat(result.err()).isEqualTo("err\n");
  }

  @Test
  void muchOutputOnBothSidesDoesNotStopTheProgram() throws IOException {
    LocalProgram.Result result = sh("head -c 300000 /dev/zero >&2; head -c 300000 /dev/zero");
    assertThat(result.out()).hasSize(300000);
    assertThat(result.err()).hasSize(300000);
  }

  @Test
  void aDaemonThatHoldsTheOutputOpenIsNotWaitedFor() throws IOException {
    String seconds = Integer.toString(1000 + (int) (Math.random() * 1000));
    try {
      assertThat(sh("echo out; sleep " + seconds + " &").out()).isEqualTo("out\n");
    } finally {
      sh("pkill -f 'slee[p] " + seconds + "'");
    }
  }

  @Test
  void manyAtOnceDoNotWaitForEachOther() {
    // More than there are threads in the common pool, which parallel work must not depend on.
    assertThat(
            IntStream.range(0, 8)
                .mapToObj(
                    i ->
                        CompletableFuture.supplyAsync(
                            () -> {
                              try {
                                return sh("head -c 200000 /dev/zero; head -c 200000 /dev/zero >&2");
                              } catch (IOException e) {
                                throw new UncheckedIOException(e);
                              }
                            }))
                .toList()
                .stream()
                .map(CompletableFuture::join))
        .allMatch(result -> result.out().length() == 200000 && result.err().length() == 200000);
  }

  @Test
  void thereIsNothingOnStandardInput() throws IOException {
    assertThat(sh("cat").out()).isEmpty();
  }

  @Test
  void aProgramAheadOfItsTimeGetsALineWhenItIsReady() throws IOException {
    String script = "read line && echo a line";
    assertThat(ahead(script, CompletableFuture.completedFuture(null), LONG).out())
        .isEqualTo("a line\n");
  }

  @Test
  void itsTimeBeginsWhenItIsReady() throws IOException {
    CompletableFuture<Void> never = new CompletableFuture<>();
    assertThat(ahead("exit 3", never, Duration.ZERO).exitCode()).isEqualTo(3);
    CompletableFuture<Void> now = CompletableFuture.completedFuture(null);
    assertThatThrownBy(() -> ahead("exec sleep 1000", now, Duration.ofMillis(50)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("did not end");
  }

  private LocalProgram.Result ahead(String script, CompletableFuture<Void> ready, Duration atMost)
      throws IOException {
    List<String> argv = List.of("sh", "-c", script);
    return LocalProgram.runWhen(ready, argv, folder, Map.of(), atMost);
  }

  @Test
  void argumentsAndEnvironmentReachItUnchanged() throws IOException {
    LocalProgram.Result result =
        LocalProgram.run(
            List.of("sh", "-c", "printf '%s|%s' \"$1\" \"$X\"", "sh", "$(touch x) 'a\"\n"),
            folder,
            Map.of("X", "ü"),
            LONG);
    assertThat(result.out()).isEqualTo("$(touch x) 'a\"\n|ü");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aProgramThatDoesNotEndIsStopped() {
    assertThatThrownBy(
            () ->
                LocalProgram.run(List.of("sleep", "1000"), folder, Map.of(), Duration.ofMillis(50)))
        .isInstanceOf(IOException.class)
        .hasMessage("sleep did not end within 0 s and was stopped");
  }

  private LocalProgram.Result sh(String script) throws IOException {
    return LocalProgram.run(List.of("sh", "-c", script), folder, Map.of(), LONG);
  }
}
