package hgauto.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class KeyboardTest {
  /** Run by the test, in a Java whose console is there even without a terminal, if it has one. */
  public static void main(String[] args) {
    System.out.print(Keyboard.TERMINAL.isThere() + " " + System.getProperty("jdk.console"));
  }

  @Test
  void withoutATerminalNobodyIsThereWhateverConsoleJavaHas() throws IOException {
    Process java =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djdk.console=jdk.internal.le",
                "-cp",
                System.getProperty("java.class.path"),
                KeyboardTest.class.getName())
            .start();
    try (InputStream out = java.getInputStream()) {
      assertThat(new String(out.readAllBytes(), StandardCharsets.UTF_8))
          .isEqualTo("false java.base");
    }
  }
}
