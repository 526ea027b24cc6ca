package hgauto.aws.plan;

import static org.assertj.core.api.Assertions.assertThat;

import hgauto.machine.SshKey;
import hgauto.testbed.Requires;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyFingerprintsTest {
  @TempDir private Path keys;

  /** The commands are those of AWS's page on verifying a key's fingerprint. */
  @Test
  void areThoseThatAwsTellsToComputeWithOpenssl() throws Exception {
    Requires.program("openssl");
    Requires.program("ssh-keygen");
    sh("openssl genrsa -traditional -out keypair-automation 2048");
    SshKey key = SshKey.in(keys).orElseThrow();
    assertThat(KeyFingerprints.of(key))
        .containsExactlyInAnyOrder(
            sh(
                "openssl pkcs8 -in keypair-automation -inform PEM -outform DER -topk8 -nocrypt"
                    + " | openssl sha1 -c | sed 's/.*= *//'"),
            sh(
                "openssl rsa -in keypair-automation -pubout -outform DER 2>/dev/null"
                    + " | openssl md5 -c | sed 's/.*= *//'"),
            sh(
                "ssh-keygen -l -E md5 -f keypair-automation.pub | sed 's/.*MD5:\\([^ ]*\\).*/\\1/'"));
  }

  @Test
  void areTheSameForAKeyThatWeSavedAndReadAgain() {
    SshKey key = SshKey.generate();
    assertThat(KeyFingerprints.of(key.save(keys))).isEqualTo(KeyFingerprints.of(key));
  }

  @Test
  void theShortNameIsTheBeginningOfThePublicKeysDigest() throws Exception {
    Requires.program("openssl");
    SshKey key = SshKey.generate().save(keys);
    Files.writeString(keys.resolve("blob"), key.publicLine().split(" ", 3)[1]);
    assertThat(KeyFingerprints.shortName(key))
        .isEqualTo(sh("openssl base64 -d -A -in blob | openssl sha256 -r | cut -c1-8"));
  }

  private String sh(String command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("sh", "-c", command)
            .directory(keys.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    return output.strip();
  }
}
