package hgauto.state;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {
  private static final byte[] NEW = "new".getBytes(UTF_8);

  @TempDir private Path folder;

  @Test
  void aLinkIsReplacedAndNotWhatItLeadsTo() throws IOException {
    Path other = Files.writeString(folder.resolve("other"), "theirs");
    Path file = Files.createSymbolicLink(folder.resolve("file"), other);

    WholeFile.replace(file, NEW);

    assertThat(other).hasContent("theirs");
    assertThat(file).hasContent("new");
    assertThat(Files.isSymbolicLink(file)).isFalse();
  }

  @Test
  void permissionsAreTheUsual() throws IOException {
    Path usual = Files.writeString(folder.resolve("usual"), "");
    Path file = Files.writeString(folder.resolve("file"), "old");

    WholeFile.replace(file, NEW);

    assertThat(Files.getPosixFilePermissions(file)).isEqualTo(Files.getPosixFilePermissions(usual));
  }

  @Test
  void nothingIsLeftWhereItCannotBe() throws IOException {
    Path file = Files.createDirectories(folder.resolve("file/full")).getParent();

    assertThatThrownBy(() -> WholeFile.replace(file, NEW)).isInstanceOf(IOException.class);

    assertThat(folder).isDirectoryNotContaining(path -> !path.equals(file));
  }
}
