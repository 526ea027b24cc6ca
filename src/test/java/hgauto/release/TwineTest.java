package hgauto.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hgauto.error.EnvironmentException;
import hgauto.error.HgautoException;
import hgauto.error.UsageException;
import hgauto.state.StateFolder;
import hgauto.testbed.Requires;
import hgauto.testbed.release.PypiServer;
import hgauto.testbed.release.ReleaseFilesMaker;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The real twine, and a real index that wants a password. */
class TwineTest {
  private static final String NAME = "mercurial-7.2-cp39-cp39-win32.whl";
  private static final String OTHER = "mercurial-7.2-cp39-cp39-win_amd64.whl";

  @TempDir static Path made;

  @TempDir Path folder;
  private PypiServer pypi;
  private Path home;

  @BeforeAll
  static void makeThem() throws IOException {
    new ReleaseFilesMaker(made, "7.2", 1000).make(List.of(NAME, OTHER));
  }

  @BeforeEach
  void start() throws IOException {
    pypi = PypiServer.start(folder.resolve("pypi"));
    home = Files.createDirectory(folder.resolve("home"));
  }

  @AfterEach
  void stop() {
    pypi.close();
  }

  private static void tellNobody() {}

  private Twine twine(Map<String, String> credentials) {
    return twine(
        Path.of(Requires.env("HGAUTO_TESTBED_PYTHON")).resolveSibling("twine").toString(),
        credentials);
  }

  private Twine twine(String program, Map<String, String> credentials) {
    Map<String, String> environment = new HashMap<>(credentials);
    environment.put("HOME", home.toString());
    environment.put("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring");
    return Twine.find(
        program,
        new StateFolder(folder.resolve("state")),
        home,
        environment,
        TwineTest::tellNobody);
  }

  private static ReleaseFile file(String name) throws IOException {
    return ReleaseFile.of(made.resolve(name), ReleaseFile.Kind.WHEEL);
  }

  @Test
  void uploads() throws IOException {
    Twine twine = twine(pypi.credentials());
    twine.check(List.of(file(NAME), file(OTHER)));
    twine.upload(file(NAME), pypi.upload());
    twine.upload(file(OTHER), pypi.upload());

    assertThat(pypi.files()).containsExactly(NAME, OTHER);
    assertThat(pypi.packages().resolve(NAME)).hasSameBinaryContentAs(made.resolve(NAME));
    assertThat(folder.resolve("state")).as("the twine that is there will do").doesNotExist();
  }

  @Test
  void aWheelThatHasChangedSinceItWasLookedAtIsNotUploaded() throws IOException {
    Path wheel = Files.copy(made.resolve(NAME), folder.resolve(NAME));
    ReleaseFile seen = ReleaseFile.of(wheel, ReleaseFile.Kind.WHEEL);
    Files.copy(made.resolve(OTHER), wheel, StandardCopyOption.REPLACE_EXISTING);

    Twine twine = twine(pypi.credentials());
    assertThatExceptionOfType(UsageException.class)
        .isThrownBy(() -> twine.upload(seen, pypi.upload()))
        .withMessage(wheel + " has changed since it was looked at");
    assertThat(pypi.uploads()).isZero();
  }

  @Test
  void itsCopyIsWhereTheNextRunRemovesItIfThisOneIsKilled() throws IOException {
    MercurialVersion version = MercurialVersion.of("7.2");
    Path dist = Files.createDirectory(folder.resolve("dist"));
    Path wheel = Files.copy(made.resolve(NAME), dist.resolve(NAME));
    Path unfinished = dist.resolve(".hgauto-7.2");
    Files.writeString(Files.createDirectory(unfinished).resolve(NAME), "of a killed run");
    Path program =
        script(
            folder.resolve("bin/twine"),
            "echo twine version 6.1.0; for last; do :; done; echo \"$last\" >> "
                + folder.resolve("seen"));

    try (Dist.Hold held = Dist.hold(dist, version)) {
      twine(program.toString(), pypi.credentials())
          .upload(ReleaseFile.of(wheel, ReleaseFile.Kind.WHEEL), pypi.upload());
      assertThat(Files.readAllLines(folder.resolve("seen")))
          .containsExactly("--version", unfinished.resolve(NAME).toString());
      assertThat(unfinished).doesNotExist();
      Files.createDirectory(unfinished); // as if it had been killed
      assertThat(held.folder()).isEqualTo(dist);
    }
    assertThat(dist)
        .isDirectoryContaining(wheel::equals)
        .isDirectoryNotContaining(unfinished::equals);
  }

  @Test
  void credentialsOfThePypircAreFoundByTheAddress() throws IOException {
    Files.writeString(home.resolve(".pypirc"), pypi.pypirc());
    twine(Map.of()).upload(file(NAME), pypi.upload());
    assertThat(pypi.files()).containsExactly(NAME);
  }

  @Test
  void anAddressOfThePersonsOtherProjectsIsPassedOver() throws IOException {
    Map<String, String> environment = new HashMap<>(pypi.credentials());
    environment.put("TWINE_REPOSITORY_URL", "http://127.0.0.1:1/");
    environment.put("TWINE_REPOSITORY", "none");
    Files.writeString(home.resolve(".pypirc"), pypi.pypirc());
    twine(environment).upload(file(NAME), pypi.upload());
    assertThat(pypi.files()).containsExactly(NAME);
  }

  @Test
  void aWrongPasswordIsToldAndWhereTheRightOneGoes() throws IOException {
    Twine twine = twine(Map.of("TWINE_USERNAME", "publisher", "TWINE_PASSWORD", "geheim"));
    assertThatExceptionOfType(EnvironmentException.class)
        .isThrownBy(() -> twine.upload(file(NAME), pypi.upload()))
        .withMessage("127.0.0.1 has not taken " + NAME)
        .satisfies(
            e -> {
              assertThat(e.why()).startsWith("HTTPError: 403 Forbidden").doesNotContain("geheim");
              assertThat(e.next()).contains("TWINE_PASSWORD", ".pypirc");
            });
    assertThat(pypi.files()).isEmpty();
  }

  @Test
  void noPasswordIsNotAskedFor() throws IOException {
    Twine twine = twine(Map.of());
    assertThatExceptionOfType(EnvironmentException.class)
        .isThrownBy(() -> twine.upload(file(NAME), pypi.upload()))
        .satisfies(
            e -> {
              assertThat(e.why()).startsWith("NonInteractive: Credential not found");
              assertThat(e.next()).contains("TWINE_USERNAME");
            });
  }

  @Test
  void theIndexIsAskedWhetherItKnowsThePersonAndGetsNothing() throws IOException {
    assertThat(twine(pypi.credentials()).checkLogin(pypi.upload())).isEmpty();

    Files.writeString(home.resolve(".pypirc"), pypi.pypirc());
    assertThat(twine(Map.of()).checkLogin(pypi.upload())).isEmpty();

    assertThat(pypi.uploads()).isZero();
    assertThat(pypi.files()).isEmpty();
  }

  @Test
  void aPersonWhomTheIndexDoesNotKnowIsRefusedBeforeTheFirstUpload() {
    Twine twine = twine(Map.of("TWINE_USERNAME", "publisher", "TWINE_PASSWORD", "geheim"));
    assertThatExceptionOfType(EnvironmentException.class)
        .isThrownBy(() -> twine.checkLogin(pypi.upload()))
        .withMessage("127.0.0.1 refuses the credentials that twine finds")
        .satisfies(
            e -> {
              assertThat(e.why()).contains("403").doesNotContain("geheim");
              assertThat(e.next()).contains("TWINE_PASSWORD", ".pypirc");
            });
  }

  @Test
  void missingCredentialsAreNoticedBeforeTheFirstUpload() {
    assertThatExceptionOfType(EnvironmentException.class)
        .isThrownBy(() -> twine(Map.of()).checkLogin(pypi.upload()))
        .withMessage("twine finds no credentials for 127.0.0.1")
        .satisfies(e -> assertThat(e.next()).contains("TWINE_USERNAME"));
  }

  @Test
  void aTwineWithoutAPythonBesideItDoesNotTell() throws IOException {
    Path bin = folder.resolve("bin");
    script(bin.resolve("twine"), "echo twine version 6.1.0");
    assertThat(twine(bin.resolve("twine").toString(), pypi.credentials()).checkLogin(pypi.upload()))
        .hasValueSatisfying(why -> assertThat(why).startsWith("there is no Python beside "));
  }

  @Test
  void anIndexThatCannotBeReachedIsToldBeforeTheFirstUpload() {
    Twine twine = twine(pypi.credentials());
    pypi.close();
    assertThatExceptionOfType(EnvironmentException.class)
        .isThrownBy(() -> twine.checkLogin(pypi.upload()))
        .withMessage("twine does not reach 127.0.0.1")
        .satisfies(e -> assertThat(e.why()).contains("refused"));
  }

  @Test
  void aProxyThatIsDeadIsToldBeforeTheFirstUpload() {
    Map<String, String> environment = new HashMap<>(pypi.credentials());
    environment.put("http_proxy", "http://127.0.0.1:1");
    environment.put("no_proxy", "");
    assertThatExceptionOfType(EnvironmentException.class)
        .isThrownBy(() -> twine(environment).checkLogin(pypi.upload()))
        .withMessage("twine does not reach 127.0.0.1")
        .satisfies(e -> assertThat(e.next()).contains("HTTPS_PROXY"));
  }

  @Test
  void aFileThatIsThereIsNotReplaced() throws IOException {
    Twine twine = twine(pypi.credentials());
    twine.upload(file(NAME), pypi.upload());
    assertThatExceptionOfType(NameTakenException.class)
        .isThrownBy(() -> twine.upload(file(NAME), pypi.upload()))
        .satisfies(
            e -> {
              assertThat(e.why()).startsWith("HTTPError: 400 Bad Request");
              assertThat(e.next()).startsWith("It has a file of that name already");
            });
  }

  @ParameterizedTest
  @CsvSource({"400, 1", "403, 3", "409, 1", "500, 3", "503, 3"})
  void whatTheIndexAnswersIsTold(int status, int exitCode) throws IOException {
    Twine twine = twine(pypi.credentials());
    pypi.refuseUploads(1, status);
    twine.upload(file(NAME), pypi.upload());

    assertThatThrownBy(() -> twine.upload(file(OTHER), pypi.upload()))
        .isInstanceOfSatisfying(
            HgautoException.class,
            e -> {
              assertThat(e.exitCode()).isEqualTo(exitCode);
              assertThat(e.why()).startsWith("HTTPError: " + status);
              assertThat(e.next()).isNotEmpty();
            });
    assertThat(pypi.files()).containsExactly(NAME);
  }

  @Test
  void anIndexThatIsDownIsTold() throws IOException {
    Twine twine = twine(pypi.credentials());
    pypi.close();
    assertThatExceptionOfType(EnvironmentException.class)
        .isThrownBy(() -> twine.upload(file(NAME), pypi.upload()))
        .satisfies(
            e -> {
              assertThat(e.why()).contains("refused").doesNotContain("\n");
              assertThat(e.next()).startsWith("Run the command again");
            });
  }

  @Test
  void anAnswerThatIsLostMayBeOfAnUploadThatWasTaken() throws IOException {
    Twine twine = twine(pypi.credentials());
    pypi.loseAnswers(0);
    assertThatThrownBy(() -> twine.upload(file(NAME), pypi.upload()))
        .isInstanceOf(UnknownUploadException.class);
    assertThat(PackageIndex.of(pypi.upload()).find(Set.of(NAME)).get(NAME).sha256())
        .isEqualTo(file(NAME).sha256());
  }

  @Test
  void withoutPython3ToGuardItNothingIsUploadedAndTheLookTells() throws IOException {
    Twine twine = twine(withoutAnythingOnThePath());
    assertThatExceptionOfType(EnvironmentException.class)
        .isThrownBy(() -> twine.check(List.of(file(NAME))))
        .satisfies(e -> assertThat(e.why()).contains("python3"));
    assertThatExceptionOfType(EnvironmentException.class)
        .isThrownBy(() -> twine.upload(file(NAME), pypi.upload()))
        .satisfies(
            e -> {
              assertThat(e).isNotInstanceOf(UnknownUploadException.class);
              assertThat(e.next()).endsWith("Nothing was sent to the index.");
            });
    assertThat(pypi.uploads()).isZero();
  }

  @Test
  void aTwineThatIsGoneByThenHasSentNothing() throws IOException {
    Path gone = script(folder.resolve("bin/twine"), "echo twine version 6.1.0");
    for (boolean guarded : List.of(true, false)) {
      Twine twine =
          Twine.find(
              gone.toString(),
              new StateFolder(folder.resolve("state")),
              home,
              pypi.credentials(),
              TwineTest::tellNobody,
              guarded);
      Files.move(gone, folder.resolve("moved"));
      assertThatExceptionOfType(EnvironmentException.class)
          .isThrownBy(() -> twine.upload(file(NAME), pypi.upload()))
          .withMessage("cannot start " + gone)
          .satisfies(e -> assertThat(e).isNotInstanceOf(UnknownUploadException.class));
      Files.move(folder.resolve("moved"), gone);
    }
  }

  @Test
  void onWindowsItUploadsWithoutTheGuard() throws IOException {
    Path bin = Path.of(Requires.env("HGAUTO_TESTBED_PYTHON")).resolveSibling("twine");
    Twine twine =
        Twine.find(
            bin.toString(),
            new StateFolder(folder.resolve("state")),
            home,
            withoutAnythingOnThePath(),
            TwineTest::tellNobody,
            false);
    twine.check(List.of(file(NAME)));
    twine.upload(file(NAME), pypi.upload());
    assertThat(pypi.files()).containsExactly(NAME);
  }

  /** The guard is started by way of the PATH; this twine has all of its path. */
  private Map<String, String> withoutAnythingOnThePath() throws IOException {
    Map<String, String> environment = new HashMap<>(pypi.credentials());
    environment.put("PATH", Files.createDirectories(folder.resolve("empty")).toString());
    return environment;
  }

  @Test
  void checkRefusesAWheelWithoutAName() throws IOException {
    Path broken = folder.resolve(NAME);
    Files.copy(made.resolve(NAME), broken, StandardCopyOption.REPLACE_EXISTING);
    try (FileSystem wheel = FileSystems.newFileSystem(broken)) {
      Path metadata = wheel.getPath("mercurial-7.2.dist-info", "METADATA");
      Files.writeString(metadata, Files.readString(metadata).replaceFirst("Name: .*\n", ""));
    }
    Twine twine = twine(Map.of());
    assertThatExceptionOfType(UsageException.class)
        .isThrownBy(() -> twine.check(List.of(ReleaseFile.of(broken, ReleaseFile.Kind.WHEEL))))
        .satisfies(e -> assertThat(e.why()).containsIgnoringCase("name"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"twine version 6.0.1 (keyring: 25.7.0)", "twine version 5.1.1", "?"})
  void aTwineThatIsTooOldIsPassedOverForOurOwn(String version) throws IOException {
    StateFolder state = new StateFolder(folder.resolve("state"));
    Path venv = Files.createDirectories(state.twine().resolve("venv"));
    try (InputStream pinned = Twine.class.getResourceAsStream("twine.txt")) {
      Files.write(venv.resolve("made-from"), pinned.readAllBytes());
    }
    script(venv.resolve("bin/twine"), "echo \"$@\" >said");
    Path old = script(folder.resolve("old/twine"), "echo '" + version + "'");

    Twine.find(old.toString(), state, home, Map.of(), TwineTest::tellNobody)
        .check(List.of(file(NAME)));

    assertThat(home.resolve("said")).hasContent("--no-color check " + made.resolve(NAME));
  }

  private static Path script(Path file, String body) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + body + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
    return file;
  }
}
