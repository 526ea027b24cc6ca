package hgauto.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import hgauto.error.EnvironmentException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialsFileTest {
  @TempDir private Path folder;

  private Path file() {
    return folder.resolve("credentials");
  }

  @Test
  void newCredentialsArePrivateAndNobodyElses() throws IOException {
    AccessKey key = new CredentialsFile(file()).readOrCreate();
    assertThat(key.id()).matches("HGTRY[A-Z2-7]{15}");
    assertThat(key.secret()).matches("[A-Za-z0-9+/]{40}");
    assertThat(key.toString()).doesNotContain(key.secret());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
    assertThat(new CredentialsFile(folder.resolve("other")).readOrCreate()).isNotEqualTo(key);
  }

  @Test
  void secondReaderGetsTheSame() {
    AccessKey key = new CredentialsFile(file()).readOrCreate();
    assertThat(new CredentialsFile(file()).readOrCreate()).isEqualTo(key);
  }

  @Test
  void ownCredentialsAreKept() throws IOException {
    String text = "[default]\naws_access_key_id=mine\naws_secret_access_key = s=e+c\n";
    Files.writeString(file(), text);
    assertThat(new CredentialsFile(file()).readOrCreate())
        .isEqualTo(new AccessKey("mine", "s=e+c"));
    assertThat(file()).hasContent(text);
  }

  @Test
  void allWhoCreateItAtOnceGetTheSame() throws Exception {
    int count = 8;
    ExecutorService threads = Executors.newFixedThreadPool(count);
    try {
      for (int round = 0; round < 20; round++) {
        Path file = folder.resolve("round-" + round);
        CyclicBarrier start = new CyclicBarrier(count);
        Callable<AccessKey> create =
            () -> {
              start.await();
              return new CredentialsFile(file).readOrCreate();
            };
        Set<AccessKey> keys = new HashSet<>();
        for (var key : threads.invokeAll(Collections.nCopies(count, create))) {
          keys.add(key.get());
        }
        assertThat(keys).hasSize(1);
      }
    } finally {
      threads.shutdownNow();
    }
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).as("no drafts are left").hasSize(20);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "junk",
        "[default]\naws_access_key_id = a\n",
        "[default]\naws_access_key_id = a\naws_secret_access_key =\n",
        "[other]\naws_access_key_id = a\naws_secret_access_key = b\n"
      })
  void damagedFileIsNamedAndKept(String content) throws IOException {
    Files.writeString(file(), content);
    assertThatExceptionOfType(EnvironmentException.class)
        .isThrownBy(() -> new CredentialsFile(file()).readOrCreate())
        .withMessageContaining(file().toString())
        .satisfies(e -> assertThat(e.next()).contains("Delete it"));
    assertThat(file()).hasContent(content);
  }

  @Test
  void folderThatIsNotThereIsAnError() {
    assertThatExceptionOfType(EnvironmentException.class)
        .isThrownBy(() -> new CredentialsFile(folder.resolve("no/credentials")).readOrCreate())
        .satisfies(e -> assertThat(e.why()).contains("no such file or folder"));
  }
}
