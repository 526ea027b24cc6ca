package hgauto.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import hgauto.error.EnvironmentException;
import hgauto.testbed.Requires;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SshKeyTest {
  /** Generating one takes a second, and no test depends on its own. */
  private static final SshKey KEY = SshKey.generate();

  private static final SshKey OTHER = SshKey.generate();

  @TempDir private Path keys;

  @Test
  void anEmptyFolderHasNone() {
    assertThat(SshKey.in(keys)).isEmpty();
    assertThat(keys).isEmptyDirectory();
  }

  @Test
  void aSavedKeyIsReadBack() throws IOException {
    SshKey saved = KEY.save(keys);
    assertThat(saved.publicLine()).isEqualTo(KEY.publicLine());
    assertThat(SshKey.in(keys).orElseThrow().keyPair().getPrivate())
        .isEqualTo(KEY.keyPair().getPrivate());
    assertThat(publicFile()).hasContent(KEY.publicLine());
    assertThat(mode(privateFile())).isEqualTo("rw-------");
    assertThat(mode(publicFile())).isEqualTo("rw-------");
    try (var files = Files.list(keys)) {
      assertThat(files).containsExactlyInAnyOrder(privateFile(), publicFile());
    }
  }

  @Test
  void sshReadsWhatWeSave() throws Exception {
    Path keygen = Requires.program("ssh-keygen");
    KEY.save(keys);
    String line = output(keygen.toString(), "-y", "-P", "", "-f", privateFile().toString());
    assertThat(line.split(" ", 3)[1]).isEqualTo(KEY.publicLine().split(" ", 3)[1]);
    assertThat(output(keygen.toString(), "-l", "-f", publicFile().toString())).startsWith("3072 ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PEM", "PKCS8", "RFC4716"})
  void aKeyInAnyFormThatSshKnowsIsReadAndKept(String form) throws Exception {
    List<String> command =
        new ArrayList<>(List.of(Requires.program("ssh-keygen").toString(), "-q", "-t", "rsa"));
    command.addAll(List.of("-b", "2048", "-N", "", "-m", form, "-f", privateFile().toString()));
    output(command.toArray(String[]::new));
    byte[] before = Files.readAllBytes(privateFile());
    SshKey key = SshKey.in(keys).orElseThrow();
    assertThat(Files.readString(publicFile())).contains(key.publicLine().split(" ", 3)[1]);
    assertThat(privateFile()).hasBinaryContent(before);
  }

  @Test
  void aMissingPublicHalfIsMadeAgain() throws IOException {
    KEY.save(keys);
    Files.delete(publicFile());
    SshKey.in(keys);
    assertThat(publicFile()).hasContent(KEY.publicLine());
  }

  @Test
  void aPublicHalfAloneIsAnErrorAndStays() throws IOException {
    Files.writeString(publicFile(), OTHER.publicLine());
    EnvironmentException failure =
        catchThrowableOfType(EnvironmentException.class, () -> SshKey.in(keys));
    assertThat(failure.what()).contains(publicFile() + " without " + privateFile());
    assertThat(catchThrowableOfType(EnvironmentException.class, () -> KEY.save(keys)).what())
        .isEqualTo(failure.what());
    assertThat(publicFile()).hasContent(OTHER.publicLine());
    assertThat(privateFile()).doesNotExist();
  }

  @Test
  void halvesOfDifferentKeysAreAnErrorAndStay() throws IOException {
    KEY.save(keys);
    Files.writeString(publicFile(), OTHER.publicLine());
    EnvironmentException failure =
        catchThrowableOfType(EnvironmentException.class, () -> SshKey.in(keys));
    assertThat(failure.what()).isEqualTo("cannot use the public key " + publicFile());
    assertThat(failure.why()).contains("does not belong");
    assertThat(publicFile()).hasContent(OTHER.publicLine());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "ssh-rsa", "ssh-rsa AAAA", "-----BEGIN PUBLIC KEY-----", "ssh-dss Z"})
  void aDamagedPublicHalfIsAnErrorThatNamesIt(String text) throws IOException {
    KEY.save(keys);
    Files.writeString(publicFile(), text);
    EnvironmentException failure =
        catchThrowableOfType(EnvironmentException.class, () -> SshKey.in(keys));
    assertThat(failure.what()).isEqualTo("cannot use the public key " + publicFile());
  }

  @Test
  void aPrivateHalfThatEndsAnywhereIsAnErrorAndStays() throws IOException {
    KEY.save(keys);
    String whole = Files.readString(privateFile());
    for (int end = 0; end < whole.length() - 100; end += 100) {
      Files.writeString(privateFile(), whole.substring(0, end));
      EnvironmentException failure =
          catchThrowableOfType(EnvironmentException.class, () -> SshKey.in(keys));
      assertThat(failure.what()).isEqualTo("cannot read the private key " + privateFile());
      assertThat(failure.why()).isNotEmpty();
      assertThat(catchThrowableOfType(EnvironmentException.class, () -> OTHER.save(keys)).what())
          .isEqualTo(failure.what());
      assertThat(privateFile()).hasContent(whole.substring(0, end));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"PEM", "RFC4716"})
  void aKeyWithAPassphraseIsAnErrorThatSaysSo(String form) throws Exception {
    List<String> command =
        new ArrayList<>(List.of(Requires.program("ssh-keygen").toString(), "-q", "-t", "rsa"));
    command.addAll(List.of("-b", "2048", "-N", "secret", "-m", form));
    command.addAll(List.of("-f", privateFile().toString()));
    output(command.toArray(String[]::new));
    EnvironmentException failure =
        catchThrowableOfType(EnvironmentException.class, () -> SshKey.in(keys));
    assertThat(failure.why()).contains("passphrase");
  }

  @Test
  void aKeyOfAnotherKindIsAnErrorThatSaysSo() throws Exception {
    String keygen = Requires.program("ssh-keygen").toString();
    output(keygen, "-q", "-t", "ecdsa", "-N", "", "-f", privateFile().toString());
    EnvironmentException failure =
        catchThrowableOfType(EnvironmentException.class, () -> SshKey.in(keys));
    assertThat(failure.why()).contains("EC").contains("RSA");
  }

  @Test
  void manyThatSaveAtOnceEndWithOneKey() throws Exception {
    List<SshKey> own = List.of(KEY, OTHER);
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      for (int round = 0; round < 20; round++) {
        Path folder = Files.createDirectory(keys.resolve("round" + round));
        List<Future<SshKey>> saved = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
          SshKey key = own.get(i % 2);
          saved.add(threads.submit(() -> key.save(folder)));
        }
        for (Future<SshKey> one : saved) {
          assertThat(one.get().publicLine())
              .isEqualTo(SshKey.in(folder).orElseThrow().publicLine());
        }
        try (var files = Files.list(folder)) {
          assertThat(files).hasSize(2);
        }
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void aFolderThatCannotBeWrittenIsAnErrorThatNamesTheFile() {
    Path missing = keys.resolve("missing");
    EnvironmentException failure =
        catchThrowableOfType(EnvironmentException.class, () -> KEY.save(missing));
    assertThat(failure.what()).contains(missing.resolve("keypair-automation").toString());
    assertThat(failure.next()).contains("--state-path");
  }

  private Path privateFile() {
    return keys.resolve("keypair-automation");
  }

  private Path publicFile() {
    return keys.resolve("keypair-automation.pub");
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private static String output(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).describedAs(output).isZero();
    return output;
  }
}
