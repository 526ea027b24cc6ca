package hgauto.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hgauto.error.EnvironmentException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PypircTest {
  private static final URI OTHER = URI.create("http://127.0.0.1:8080/");

  @TempDir Path home;

  private Optional<String> section(String text, URI upload) throws IOException {
    Path pypirc = home.resolve(".pypirc");
    if (!text.isEmpty()) {
      Files.writeString(pypirc, text);
    }
    return Pypirc.section(pypirc, upload);
  }

  @Test
  void twineKnowsTwoWithoutAFile() throws IOException {
    assertThat(section("", PackageIndex.PYPI)).contains("pypi");
    assertThat(section("", URI.create("https://test.pypi.org/legacy"))).contains("testpypi");
    assertThat(section("", OTHER)).isEmpty();
  }

  @Test
  void withoutPythonThatIsWhatIsTold() {
    String none = home.resolve("python3").toString();
    assertThatExceptionOfType(EnvironmentException.class)
        .isThrownBy(() -> Pypirc.section(none, home.resolve(".pypirc"), OTHER))
        .satisfies(
            e -> {
              assertThat(e.what()).startsWith("cannot start Python 3");
              assertThat(e.next()).contains("Install it");
            });
  }

  @Test
  void anAddressOnTwoLinesIsNone() throws IOException {
    assertThat(
            section(
                """
                [distutils]
                index-servers = mine
                [mine]
                repository = http://127.0.0.1:8080/
                  http://127.0.0.1:8081/
                """,
                OTHER))
        .isEmpty();
  }

  @Test
  void aSectionIsFoundByItsAddress() throws IOException {
    assertThat(
            section(
                """
                [distutils]
                index-servers =
                  pypi
                  # mine
                  mine

                [mine]
                username = u
                repository: http://127.0.0.1:8080
                password = p
                """,
                OTHER))
        .contains("mine");
  }

  @Test
  void aSectionThatIsNotListedIsPassedOverAsTwineDoes() throws IOException {
    assertThat(section("[mine]\nrepository = http://127.0.0.1:8080/\n", OTHER)).isEmpty();
  }

  /** As configparser reads them, on which twine builds. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "[pypi]\nrepository = https://example.org/\n",
        "[pypi]\n  repository = https://example.org/\n",
        "[pypi]\nRepository: https://example.org/\n",
        "[pypi]\nusername = u\nREPOSITORY=https://example.org/\n",
        "[DEFAULT]\nrepository = https://example.org/\n[pypi]\nusername = u\n"
      })
  void aSectionThatLeadsElsewhereIsNotPypis(String text) throws IOException {
    assertThat(section(text, PackageIndex.PYPI)).isEmpty();
    assertThat(section(text, URI.create("https://example.org/"))).contains("pypi");
  }

  @Test
  void whatGoesOnAnOptionIsNoOptionOfItsOwn() throws IOException {
    assertThat(
            section(
                "[pypi]\nusername = u\n  repository = https://example.org/\n", PackageIndex.PYPI))
        .contains("pypi");
  }

  @Test
  void whatIsWrongIsToldWithoutWhatIsInTheFile() {
    assertThatThrownBy(() -> section("[pypi]\npassword = a\nsecret\n", PackageIndex.PYPI))
        .isInstanceOf(IOException.class)
        .hasMessage("it is not as configparser wants it, in line 3");
  }
}
