package hgauto.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hgauto.testbed.LockHolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileLocksTest {
  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void setUp() {
    file = folder.resolve("lock");
  }

  @Test
  void aFileIsLockedOnceUntilItIsClosed() throws IOException {
    try (FileLocks.Held held = FileLocks.tryLock(file).orElseThrow()) {
      assertThat(FileLocks.tryLock(file)).as("%s", held).isEmpty();
    }
    try (FileLocks.Held held = FileLocks.tryLock(file).orElseThrow()) {
      assertThat(held).hasToString("lock " + file);
    }
  }

  @Test
  void aLockThatAnotherProcessHoldsIsTakenOnlyWhenThatIsDead() throws IOException {
    try (LockHolder other = LockHolder.of(file)) {
      assertThat(FileLocks.tryLock(file)).as("while %s lives", other).isEmpty();
    }
    try (FileLocks.Held held = FileLocks.tryLock(file).orElseThrow()) {
      assertThat(held).isNotNull();
    }
  }

  /** With fcntl any close of the file would give the lock up, however it is called by now. */
  @Test
  void tryingInVainDoesNotGiveUpTheLockOfThisProcess() throws IOException {
    Path before = Files.createDirectory(folder.resolve("before"));
    try (FileLocks.Held held = FileLocks.tryLock(before.resolve("lock")).orElseThrow()) {
      Path after = Files.move(before, folder.resolve("after")).resolve("lock");
      assertThat(FileLocks.tryLock(after)).as("%s", held).isEmpty();
      assertThatThrownBy(() -> LockHolder.of(after)).hasMessage("cannot lock " + after);
    }
  }

  @Test
  void closingTwiceDoesNotTakeTheNextOwnersLock() throws IOException {
    FileLocks.Held first = FileLocks.tryLock(file).orElseThrow();
    first.close();
    try (FileLocks.Held next = FileLocks.tryLock(file).orElseThrow()) {
      first.close();
      assertThat(FileLocks.tryLock(file)).as("while there is %s", next).isEmpty();
    }
  }

  @Test
  void aFileInAFolderThatIsNotThereCannotBeLocked() {
    assertThatThrownBy(() -> FileLocks.tryLock(folder.resolve("no/lock")))
        .isInstanceOf(NoSuchFileException.class);
  }
}
