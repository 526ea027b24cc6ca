package hgauto.console;

import static org.assertj.core.api.Assertions.assertThat;

import hgauto.error.EnvironmentException;
import hgauto.error.UsageException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConsoleTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private record Result(String name, Instant when, URI where, Integer missing) {}

  private Console console(boolean json, boolean stacktrace) {
    return new Console(new PrintWriter(out), new PrintWriter(err), json, stacktrace);
  }

  @Test
  void theResultAndNothingElseGoesToStandardOutput() {
    Console console = console(false, false);
    console.info("working");
    console.warn("look");
    console.result("done");
    console.json(new Result("n", Instant.EPOCH, URI.create("x:y"), 1));
    assertThat(out).hasToString("done\n");
    assertThat(err).hasToString("working\nwarning: look\n");
  }

  @Test
  void withJsonStandardOutputIsOneDocument() {
    Console console = console(true, false);
    console.result("done");
    console.json(new Result("<ü>", Instant.EPOCH, URI.create("file:///a"), null));
    assertThat(out)
        .hasToString(
            """
            {
              "name": "<ü>",
              "when": "1970-01-01T00:00:00Z",
              "where": "file:///a"
            }
            """);
    assertThat(err).hasToString("done\n");
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {"purge, true", "' purge ', true", "purg, false", "'', false", "-, false"})
  void onlyTheWordConfirms(String answer, boolean confirmed) {
    Console console =
        new Console(
            new PrintWriter(out),
            new PrintWriter(err),
            false,
            false,
            new Keyboard() {
              @Override
              public boolean isThere() {
                return true;
              }

              @Override
              public String readLine() {
                return answer;
              }
            });
    assertThat(console.canAsk()).isTrue();
    assertThat(console.confirms("Type purge:", "purge")).isEqualTo(confirmed);
    assertThat(err).hasToString("Type purge:\n");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void aFailureIsToldInThreeLines() {
    console(false, false).failure(new UsageException("no such i-1", "it is gone", "Look again."));
    assertThat(err).hasToString("error: no such i-1\n  it is gone\n  Look again.\n");
  }

  @Test
  void emptyPartsOfAFailureAreLeftOutAndLongOnesIndented() {
    console(false, false).failure(new UsageException("several match", "a\nb", ""));
    assertThat(err).hasToString("error: several match\n  a\n  b\n");
  }

  @Test
  void theStackTraceIsThereWhenAskedFor() {
    console(false, true)
        .failure(new EnvironmentException("w", "", "", new IllegalStateException("the cause")));
    assertThat(err.toString()).contains("at hgauto.console.ConsoleTest").contains("the cause");
  }

  @Test
  void whatCouldSteerATerminalIsMadeHarmless() {
    console(false, false).result("a\u001b[2Jb\u0007\tc\u009bd\re");
    assertThat(out).hasToString("a?[2Jb?\tc?d?e\n");
  }

  private void pass(OutputStream output, byte... bytes) throws IOException {
    output.write(bytes);
    output.flush();
  }

  @Test
  void onATerminalBytesAreMadeHarmlessText() throws IOException {
    OutputStream output = console(false, false).output();
    pass(output, "a\u001b[2J\t\n".getBytes(StandardCharsets.UTF_8));
    byte[] word = "ü€\uD83D\uDE00".getBytes(StandardCharsets.UTF_8);
    for (byte each : word) {
      pass(output, each);
    }
    pass(output, (byte) 0xff, (byte) '\n');
    assertThat(out).hasToString("a?[2J\t\nü€\uD83D\uDE00\uFFFD\n");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void elsewhereBytesStayAsTheyAre() throws IOException {
    Map<Integer, ByteArrayOutputStream> descriptors =
        Map.of(1, new ByteArrayOutputStream(), 2, new ByteArrayOutputStream());
    byte[] bytes = {'a', 0, 27, (byte) 0xff, '\r', '\n'};
    for (boolean json : new boolean[] {false, true}) {
      Console console =
          new Console(
              new PrintWriter(out),
              new PrintWriter(err),
              descriptor -> Optional.of(descriptors.get(descriptor)),
              json,
              false,
              Keyboard.TERMINAL);
      pass(console.output(), bytes);
      assertThat(descriptors.get(json ? 2 : 1).toByteArray()).isEqualTo(bytes);
      console.silence();
      pass(console.output(), bytes);
      assertThat(descriptors.get(json ? 2 : 1).toByteArray()).as("when quiet").isEqualTo(bytes);
    }
    assertThat(out.toString() + err).isEmpty();
  }

  @Test
  void theLastWordIsSaidThoughAllElseIsSilentAlready() {
    Console console = console(false, false);
    console.silence();
    console.failure(new UsageException("stumbled", "", ""));
    console.lastWord("interrupted");
    assertThat(err).hasToString("interrupted\n");
  }

  @Test
  void nothingIsSaidAfterTheLastWord() {
    Console console = console(false, true);
    console.lastWord("interrupted");
    console.info("late");
    console.failure(new UsageException("late", "", ""));
    assertThat(err).hasToString("interrupted\n");
  }
}
