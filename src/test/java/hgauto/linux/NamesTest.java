package hgauto.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import hgauto.error.UsageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Names of Pythons and of filesystems. */
class NamesTest {
  @ParameterizedTest
  @CsvSource({
    "system3, /usr/bin/python3",
    "3.9, /hgdev/pyenv/shims/python3.9",
    "3.14, /hgdev/pyenv/shims/python3.14",
    "pypy3, /hgdev/pyenv/shims/pypy3"
  })
  void aPythonIsAtItsPlace(String name, String path) {
    assertThat(PythonVersion.of(name).path()).isEqualTo(path);
  }

  @ParameterizedTest
  @CsvSource({"system2, system3", "2.7, system3", "3.5, 3.9", "3.8, 3.9", "pypy3.6, pypy3"})
  void aPythonThatIsGoneNamesItsSuccessor(String name, String successor) {
    UsageException failure =
        catchThrowableOfType(UsageException.class, () -> PythonVersion.of(name));
    assertThat(failure.what()).isEqualTo("there is no Python " + name + " any more");
    assertThat(failure.next()).isEqualTo("Use --python-version " + successor + ".");
  }

  @Test
  void anyOtherNameIsRefusedWithTheKnownOnes() {
    assertThat(catchThrowableOfType(UsageException.class, () -> PythonVersion.of("4.0")).next())
        .isEqualTo("Use one of system3, 3.9, 3.10, 3.11, 3.12, 3.13, 3.14, pypy3.");
    assertThat(catchThrowableOfType(UsageException.class, () -> Filesystem.of("ntfs")).next())
        .isEqualTo("Use one of default, tmpfs, ext3, ext4, xfs, btrfs, jfs.");
  }

  @ParameterizedTest
  @EnumSource
  void aFilesystemIsKnownByItsName(Filesystem filesystem) {
    assertThat(Filesystem.of(filesystem.toString())).isEqualTo(filesystem);
  }
}
