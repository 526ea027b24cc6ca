package hgauto.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hgauto.error.EnvironmentException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestOutputTest {
  private static final byte[] DOTS = "...\n".getBytes(StandardCharsets.UTF_8);

  @TempDir private Path folder;
  private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
  private final List<String> warnings = new ArrayList<>();

  @Test
  void isPassedOnAndKeptForNobodyElse() throws IOException {
    Path file = folder.resolve("output.txt");
    try (TestOutput output = new TestOutput(shown, file, warnings::add)) {
      output.write(DOTS, 0, DOTS.length);
      output.write('x');
    }
    assertThat(shown).hasToString("...\nx");
    assertThat(file).hasContent("...\nx");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(warnings).isEmpty();
  }

  @Test
  void aFileThatTakesNoMoreIsAWarningAndTheTestsGoOn() {
    try (TestOutput output = on(new Full(), shown)) {
      output.write(DOTS, 0, DOTS.length);
      output.write(DOTS, 0, DOTS.length);
    }
    assertThat(shown).hasToString("...\n...\n");
    assertThat(warnings)
        .containsExactly("what the tests print is not all kept in kept: No space left on device");
  }

  /** As on a disk elsewhere, which tells only then. */
  @Test
  void aFileThatCannotBeClosedIsAWarning() {
    OutputStream file =
        new ByteArrayOutputStream() {
          @Override
          public void close() throws IOException {
            throw new IOException("Disk quota exceeded");
          }
        };
    try (TestOutput output = on(file, shown)) {
      output.write(DOTS, 0, DOTS.length);
    }
    assertThat(warnings)
        .containsExactly("what the tests print is not all kept in kept: Disk quota exceeded");
  }

  @Test
  void whereNobodyTakesItThatIsSaid() {
    ByteArrayOutputStream kept = new ByteArrayOutputStream();
    try (TestOutput output = on(kept, new Full())) {
      assertThatThrownBy(() -> output.write(DOTS, 0, DOTS.length))
          .isInstanceOfSatisfying(
              EnvironmentException.class,
              failure -> {
                assertThat(failure.what()).isEqualTo("cannot pass on what the tests print");
                assertThat(failure.why()).isEqualTo("No space left on device");
                assertThat(failure.next()).isEqualTo("As far as it came it is in kept.");
              });
      assertThatThrownBy(output::flush).isInstanceOf(EnvironmentException.class);
    }
    assertThat(kept).hasToString("...\n");
  }

  private TestOutput on(OutputStream file, OutputStream passedOn) {
    return new TestOutput(passedOn, Path.of("kept"), file, warnings::add);
  }

  private static final class Full extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      throw new IOException("No space left on device");
    }

    @Override
    public void flush() throws IOException {
      throw new IOException("No space left on device");
    }
  }
}
