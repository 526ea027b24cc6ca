package hgauto.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import hgauto.error.EnvironmentException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateFolderTest {
  @TempDir private Path parent;

  @Test
  void isMadePrivateWhenItIsFirstNeeded() throws IOException {
    StateFolder state = new StateFolder(parent.resolve("state"));
    assertThat(state.root()).doesNotExist();
    assertThat(mode(state.logs())).isEqualTo("rwx------");
    assertThat(mode(state.root())).isEqualTo("rwx------");
  }

  @Test
  void oneThatAutomationPyMadeForAllToReadBecomesPrivate() throws IOException {
    Path old = Files.createDirectory(parent.resolve("state"));
    Files.setPosixFilePermissions(old, PosixFilePermissions.fromString("rwxr-xr-x"));
    new StateFolder(old).logs();
    assertThat(mode(old)).isEqualTo("rwx------");
  }

  @Test
  void aFileInItsPlaceIsAnErrorThatNamesTheOption() throws IOException {
    Path file = Files.createFile(parent.resolve("state"));
    EnvironmentException failure =
        catchThrowableOfType(EnvironmentException.class, () -> new StateFolder(file).logs());
    assertThat(failure.what()).isEqualTo("cannot use the state folder " + file);
    assertThat(failure.why()).isEqualTo("a file stands where a folder should be: " + file);
    assertThat(failure.next()).contains("--state-path");
  }

  @Test
  void aLinkToAFolderWillDo() throws IOException {
    Path real = Files.createDirectory(parent.resolve("real"));
    Path link = Files.createSymbolicLink(parent.resolve("state"), real);
    assertThat(new StateFolder(link).tryServer()).isDirectory();
  }

  @Test
  void aReplacedFileIsPrivateAndWholeAndLeavesNothingBeside() throws IOException {
    Path file = parent.resolve("secret");
    PrivateFiles.replace(file, "old".getBytes(StandardCharsets.UTF_8));
    PrivateFiles.replace(file, "new".getBytes(StandardCharsets.UTF_8));
    assertThat(file).hasContent("new");
    assertThat(mode(file)).isEqualTo("rw-------");
    assertThat(parent).isDirectoryContaining(path -> path.equals(file));
    assertThat(parent.toFile().list()).hasSize(1);
  }

  @Test
  void aFileThatCannotBeReplacedKeepsItsContent() throws IOException {
    Path folder = Files.createDirectory(parent.resolve("taken"));
    Files.createFile(folder.resolve("inside"));
    assertThatThrownBy(() -> PrivateFiles.replace(folder, new byte[1]))
        .isInstanceOf(IOException.class);
    assertThat(folder.resolve("inside")).exists();
    assertThat(parent.toFile().list()).containsExactly("taken");
  }

  @Test
  void anExistingFileIsNotMadeAgain() throws IOException {
    Path file = PrivateFiles.createFile(parent.resolve("log"));
    assertThat(mode(file)).isEqualTo("rw-------");
    assertThatThrownBy(() -> PrivateFiles.createFile(file))
        .isInstanceOf(FileAlreadyExistsException.class);
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
