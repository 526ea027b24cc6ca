package hgauto.release;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import hgauto.error.EnvironmentException;
import hgauto.process.LocalProgram;
import hgauto.state.FileLocks;
import hgauto.testbed.release.PypiServer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the real pip, and an index on this machine which has something small in place of twine. */
class TwineEnvironmentTest {
  @TempDir Path temporary;
  private Path folder;
  private PypiServer pypi;

  @BeforeEach
  void start() throws IOException {
    folder = Files.createDirectory(temporary.resolve("twine"));
    pypi = PypiServer.start(temporary.resolve("pypi"));
  }

  @AfterEach
  void stop() {
    pypi.close();
  }

  private TwineEnvironment environment(String python, String requirements) {
    return new TwineEnvironment(
        folder,
        python,
        requirements,
        Map.of(
            "PIP_INDEX_URL", pypi.upload().resolve("/simple/").toString(),
            "PIP_CONFIG_FILE", "/dev/null",
            "PIP_FIND_LINKS", ""));
  }

  /** Puts a package that is called twine into the index; returns the line that pins it. */
  private String twine(String version) throws IOException {
    String info = "twine-" + version + ".dist-info/";
    Path wheel = pypi.packages().resolve("twine-" + version + "-py3-none-any.whl");
    Map<String, String> files =
        Map.of(
            "twine.py",
            "def main():\n    print('twine version %s')\n".formatted(version),
            info + "METADATA",
            "Metadata-Version: 2.1\nName: twine\nVersion: " + version + "\n",
            info + "WHEEL",
            "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
            info + "entry_points.txt",
            "[console_scripts]\ntwine = twine:main\n",
            info + "RECORD",
            "");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(wheel))) {
      for (Map.Entry<String, String> file : files.entrySet()) {
        zip.putNextEntry(new ZipEntry(file.getKey()));
        zip.write(file.getValue().getBytes(UTF_8));
      }
    }
    return "twine==" + version + " --hash=sha256:" + Sha256.of(wheel) + "\n";
  }

  private String says(Path program) throws IOException {
    return LocalProgram.run(List.of(program.toString()), folder, Map.of(), Duration.ofSeconds(30))
        .out()
        .strip();
  }

  @Test
  void isMadeOnceAndAnewForOtherRequirements() throws IOException {
    AtomicInteger told = new AtomicInteger();
    Runnable tell = told::incrementAndGet;
    String old = twine("6.1.0");
    assertThat(says(environment("python3", old).program(tell))).isEqualTo("twine version 6.1.0");
    assertThat(says(environment("no-python", old).program(tell))).isEqualTo("twine version 6.1.0");
    assertThat(told).hasValue(1);

    String pinned = twine("7.0.0");
    assertThat(says(environment("python3", pinned).program(tell))).isEqualTo("twine version 7.0.0");
    assertThat(told).hasValue(2);
  }

  @Test
  void aPackageWithAnotherHashIsRefusedAndIsNotThereAfterwards() throws IOException {
    String pinned = twine("7.0.0").replaceFirst("[0-9a-f]{64}", "0a".repeat(32));
    for (int attempt = 1; attempt <= 2; attempt++) {
      assertThatExceptionOfType(EnvironmentException.class)
          .as("attempt %d", attempt)
          .isThrownBy(() -> environment("python3", pinned).program(() -> {}))
          .withMessage("cannot install twine into " + folder)
          .satisfies(e -> assertThat(e.why()).contains("DO NOT MATCH THE HASHES"));
    }
  }

  @Test
  void withoutPythonItSaysWhatToInstall() {
    assertThatExceptionOfType(EnvironmentException.class)
        .isThrownBy(() -> environment("no-python", "").program(() -> {}))
        .satisfies(
            e -> {
              assertThat(e.why()).contains("no-python");
              assertThat(e.next()).contains("Python 3.10");
            });
  }

  @Test
  void twoDoNotMakeItAtOnce() throws IOException {
    try (FileLocks.Held lock = FileLocks.tryLock(folder.resolve("lock")).orElseThrow()) {
      assertThatExceptionOfType(EnvironmentException.class)
          .as("while there is %s", lock)
          .isThrownBy(() -> environment("python3", "").program(() -> {}))
          .satisfies(e -> assertThat(e.why()).isEqualTo("another hgauto is making it"));
    }
  }

  @Test
  void whatIsPackedIsPinnedWithHashes() throws IOException {
    try (InputStream packed = TwineEnvironment.class.getResourceAsStream("twine.txt")) {
      String[] pinned =
          new String(packed.readAllBytes(), UTF_8)
              .replaceAll("(?m)^\\s*#.*\n", "")
              .split("\n(?=\\S)", -1);
      assertThat(pinned)
          .hasSizeGreaterThan(10)
          .allSatisfy(
              it -> assertThat(it).matches("(?s)[\\w.-]+==\\S+.*--hash=sha256:[0-9a-f]{64}.*"));
      assertThat(pinned).anySatisfy(it -> assertThat(it).startsWith("twine=="));
    }
  }
}
