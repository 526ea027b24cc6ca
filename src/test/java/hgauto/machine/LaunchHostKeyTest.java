package hgauto.machine;

import static org.assertj.core.api.Assertions.assertThat;

import hgauto.testbed.Requires;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LaunchHostKeyTest {
  @TempDir private Path folder;

  @Test
  void sshReadsThePrivateHalfAndFindsTheSamePublicOne() throws Exception {
    LaunchHostKey key = LaunchHostKey.generate();
    Path file = folder.resolve("key");
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, key.privateText());
    Process keygen =
        new ProcessBuilder(Requires.program("ssh-keygen") + "", "-y", "-P", "", "-f", file + "")
            .redirectErrorStream(true)
            .start();
    String printed = new String(keygen.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(printed.strip()).isEqualTo(key.publicLine());
    assertThat(key.publicLine()).startsWith("ssh-ed25519 AAAA").doesNotContain("\n");
    assertThat(key.privateText())
        .startsWith("-----BEGIN OPENSSH PRIVATE KEY-----\n")
        .endsWith("\n");
  }

  @Test
  void eachMachineHasItsOwn() {
    assertThat(LaunchHostKey.generate().publicLine())
        .isNotEqualTo(LaunchHostKey.generate().publicLine());
  }
}
