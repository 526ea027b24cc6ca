package hgauto.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hgauto.error.UsageException;
import hgauto.process.LocalProgram;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShellWordsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "  -j4\ttest-add.t --time ",
        "-k 'two words' '' \"\"",
        "a'b c'd\"e f\"g",
        "\"a\\\"b\\\\c\\$d\\e'f\"",
        "'a\\b\"c'",
        "a\\ b\\'c \\\\",
        "\"it's\" 'say \"x\"'"
      })
  void theyAreAsTheShellHasThem(String text) throws Exception {
    String script = "for word in " + text.strip() + "; do printf '%s|' \"$word\"; done";
    LocalProgram.Result shell =
        LocalProgram.run(
            List.of("sh", "-c", script), Path.of("/"), Map.of(), Duration.ofSeconds(30));
    assertThat(shell.exitCode()).as(shell.toString()).isZero();
    StringBuilder words = new StringBuilder();
    ShellWords.of(text).forEach(word -> words.append(word).append('|'));
    assertThat(words).hasToString(shell.out());
  }

  @Test
  void nothingIsExpanded() {
    assertThat(ShellWords.of("$HOME ~ test-*.t `id` #x"))
        .containsExactly("$HOME", "~", "test-*.t", "`id`", "#x");
  }

  @Test
  void aLineIsNotTheEnd() {
    assertThat(ShellWords.of("-j4\n\n test-add.t\n")).containsExactly("-j4", "test-add.t");
  }

  @ParameterizedTest
  @ValueSource(strings = {"'a", "\"a", "\"a\\\"", "a\\"})
  void whatIsNotWholeIsRefused(String text) {
    assertThatThrownBy(() -> ShellWords.of(text)).isInstanceOf(UsageException.class);
  }
}
