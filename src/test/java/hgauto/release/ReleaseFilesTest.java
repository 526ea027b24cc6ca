package hgauto.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hgauto.error.HgautoException;
import hgauto.error.UsageException;
import hgauto.testbed.Requires;
import hgauto.testbed.release.ReleaseFilesMaker;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReleaseFilesTest {
  private static final MercurialVersion VERSION = MercurialVersion.of("5.9.1");
  private static final String WHEEL = "mercurial-5.9.1-cp39-cp39-win_amd64.whl";
  private static final String EXE = "Mercurial-5.9.1-x64.exe";
  private static final String MSI = "mercurial-5.9.1-x64.msi";

  @TempDir static Path made;
  private static ReleaseFilesMaker maker;

  @TempDir Path dist;

  @BeforeAll
  static void makeThem() throws IOException {
    maker = new ReleaseFilesMaker(made, VERSION.text(), 20_000);
    maker.make(maker.namesOf5x());
  }

  @BeforeEach
  void copyThem() throws IOException {
    for (Path file : maker.files()) {
      Files.copy(file, dist.resolve(file.getFileName()));
    }
  }

  private static List<Set<String>> known() {
    return List.of(Set.of("mercurial-5.9.1-x64.msi"), Set.copyOf(maker.namesOf5x()));
  }

  private ReleaseFiles find(boolean allowPartial) {
    return ReleaseFiles.find(dist, VERSION, known(), allowPartial);
  }

  private static HgautoException refusal(ThrowingCallable find) {
    return assertThatExceptionOfType(UsageException.class).isThrownBy(find).actual();
  }

  @Test
  void withoutManifestNamesThatMakeUpAKnownSetAreTheRelease() throws IOException {
    Files.writeString(dist.resolve("mercurial-5.9.2-x64.msi"), "of another version");
    Files.writeString(dist.resolve("notes.txt"), "no package");

    ReleaseFiles files = find(false);

    assertThat(files.files())
        .extracting(ReleaseFile::name)
        .containsExactlyElementsOf(new TreeSet<>(maker.namesOf5x()));
    assertThat(files.missing()).isEmpty();
    assertThat(files.wheels()).hasSize(8);
    assertThat(files.installers()).hasSize(8);
    assertThat(files.files())
        .allSatisfy(
            file -> {
              assertThat(file.size()).isEqualTo(Files.size(file.file()));
              assertThat(file.sha256()).isEqualTo(Sha256.of(file.file()));
            });
  }

  @Test
  void withoutManifestWhatIsMissingIsNamed() throws IOException {
    Files.delete(dist.resolve(WHEEL));
    Files.delete(dist.resolve(EXE));

    assertThat(refusal(() -> find(false)).why()).isEqualTo("missing: " + EXE + ", " + WHEEL);
    assertThat(find(true).files()).hasSize(14);
    assertThat(find(true).missing()).containsExactly(EXE, WHEEL);
  }

  @Test
  void withoutManifestWhatIsNotKnownIsNamed() throws IOException {
    String odd = "mercurial-5.9.1-cp39-cp39-win_arm64.whl";
    new ReleaseFilesMaker(dist, VERSION.text(), 10).wheel("cp39-cp39-win_arm64");

    assertThat(refusal(() -> find(false)).why()).isEqualTo("not known: " + odd);
    assertThat(find(true).files()).extracting(ReleaseFile::name).contains(odd);
  }

  @Test
  void aNameThatIsNearlyRightIsNotPassedOverInSilence() throws IOException {
    List<String> nearly =
        List.of(
            "Mercurial-5.9.1-arm64.exe",
            "Mercurial-5.9.1-cp39-cp39-win_amd64.whl",
            "mercurial-5.9.1-x64.exe");
    Files.delete(dist.resolve(WHEEL));
    for (String name : nearly) {
      Files.writeString(dist.resolve(name), name);
    }
    Files.writeString(dist.resolve("mercurial-5.9-x64.exe"), "of another version");
    Files.createDirectory(dist.resolve("mercurial-5.9.1-symbols"));

    assertThat(find(true).passedOver()).isEqualTo(nearly);
    assertThat(refusal(() -> find(false)).why())
        .isEqualTo("missing: " + WHEEL + "\npassed over: " + String.join(", ", nearly));
    record(EXE);
    assertThat(find(true).missing()).containsExactly(MSI);
    assertThat(find(true).passedOver())
        .containsAll(nearly)
        .contains("Mercurial-5.9.1-x86.exe")
        .doesNotContain(EXE, MSI);
  }

  @Test
  @Timeout(60)
  void whatIsNoFileIsToldAndNotOpened() throws Exception {
    Path wheel = dist.resolve(WHEEL);
    record(WHEEL);
    Files.delete(wheel);
    Files.createDirectory(wheel);
    assertThat(refusal(() -> find(true)))
        .hasMessage(wheel + " is no package")
        .satisfies(e -> assertThat(e.why()).isEqualTo("it is a folder"));
    Files.delete(wheel);
    Files.createSymbolicLink(wheel, dist.resolve("gone"));
    assertThat(refusal(() -> ReleaseFiles.there(dist, VERSION)).why())
        .isEqualTo("it links to nothing");
    Files.delete(wheel);
    String mkfifo = Requires.program("mkfifo").toString();
    assertThat(new ProcessBuilder(mkfifo, wheel.toString()).start().waitFor()).isZero();
    assertThat(refusal(() -> ReleaseFiles.there(dist, VERSION)).why())
        .isEqualTo("it is no ordinary file");
    assertThat(refusal(() -> find(true)).why()).isEqualTo("it is no ordinary file");
  }

  @Test
  void theManifestSaysWhichFilesAreTheRelease() throws IOException {
    record(EXE, MSI);

    ReleaseFiles files = find(false);

    assertThat(files.files()).extracting(ReleaseFile::name).containsExactly(EXE, MSI);
    assertThat(files.checksums())
        .isEqualTo(
            Sha256.of(dist.resolve(EXE))
                + ("  " + EXE + "\n")
                + Sha256.of(dist.resolve(MSI))
                + ("  " + MSI + "\n"));
  }

  @Test
  void aManifestThatHasFewerThanAllIsRefusedToo() throws IOException {
    record(maker.namesOf5x().stream().filter(name -> !name.equals(WHEEL)).toArray(String[]::new));

    assertThat(refusal(() -> find(false)).why()).isEqualTo("missing: " + WHEEL);
    assertThat(find(true).missing()).containsExactly(WHEEL);
  }

  @Test
  void eachFileThatIsNotAsTheManifestSaysIsNamed() throws IOException {
    record(EXE, MSI, WHEEL);
    Files.delete(dist.resolve(EXE));
    byte[] msi = Files.readAllBytes(dist.resolve(MSI));
    msi[msi.length - 1]++;
    Files.write(dist.resolve(MSI), msi);
    Files.write(dist.resolve(WHEEL), new byte[7]);

    assertThat(refusal(() -> find(true)).why().lines())
        .hasSize(3)
        .anySatisfy(line -> assertThat(line).isEqualTo(EXE + " is not there"))
        .anySatisfy(line -> assertThat(line).startsWith(MSI + " has SHA-256 "))
        .anySatisfy(line -> assertThat(line).startsWith(WHEEL + " has 7 bytes, not "));
  }

  @Test
  void nothingToPublishIsSaid() {
    MercurialVersion other = MercurialVersion.of("7.2");
    assertThat(refusal(() -> ReleaseFiles.find(dist, other, known(), true)).what())
        .isEqualTo("there is nothing of Mercurial 7.2 to publish");
    assertThat(refusal(() -> ReleaseFiles.find(dist.resolve("none"), other, known(), true)).why())
        .contains(dist.resolve("none").toString());
  }

  @Test
  void aWheelOfAnotherVersionInsideIsRefused() throws IOException {
    new ReleaseFilesMaker(dist, "5.9.2", 10).wheel("cp39-cp39-win_amd64");
    Files.move(
        dist.resolve("mercurial-5.9.2-cp39-cp39-win_amd64.whl"),
        dist.resolve(WHEEL),
        StandardCopyOption.REPLACE_EXISTING);

    assertThat(refusal(() -> find(false)).why())
        .isEqualTo("it has no mercurial-5.9.1.dist-info/METADATA");
  }

  @Test
  void aWheelWhoseMetadataNamesAnotherVersionIsRefused() throws IOException {
    inWheel("METADATA", "Version: 5.9.1", "Version: 5.9.2");
    assertThat(refusal(() -> find(false)).why())
        .isEqualTo("inside, its Version is 5.9.2; its name says 5.9.1");
  }

  @Test
  void aWheelOfAnotherProjectInsideIsRefused() throws IOException {
    inWheel("METADATA", "Name: mercurial", "Name: mercury");
    assertThat(refusal(() -> find(false)).why())
        .isEqualTo("inside, its Name is mercury; its name says mercurial");
  }

  @Test
  void aWheelForAnotherPlatformInsideIsRefused() throws IOException {
    Files.copy(
        dist.resolve("mercurial-5.9.1-cp38-cp38-win_amd64.whl"),
        dist.resolve(WHEEL),
        StandardCopyOption.REPLACE_EXISTING);
    assertThat(refusal(() -> find(false)).why())
        .isEqualTo("inside, its Tag is cp38-cp38-win_amd64; its name says cp39-cp39-win_amd64");
  }

  @Test
  void aWheelWithAFileChangedIsRefused() throws IOException {
    inWheel("METADATA", "nothing of it", "all of it");
    assertThat(refusal(() -> find(false)).why())
        .isEqualTo("mercurial-5.9.1.dist-info/METADATA in it is not as its RECORD says");
  }

  @Test
  void aWheelWithAFileThatItsRecordDoesNotHaveIsRefused() throws IOException {
    try (FileSystem wheel = FileSystems.newFileSystem(dist.resolve(WHEEL))) {
      Files.writeString(wheel.getPath("mercurial", "more.py"), "");
    }
    assertThat(refusal(() -> find(false)).why())
        .isEqualTo("its RECORD does not agree on mercurial/more.py");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "sha512=abc"})
  void aWheelWhoseRecordDoesNotTellAHashIsRefused(String hash) throws IOException {
    try (FileSystem wheel = FileSystems.newFileSystem(dist.resolve(WHEEL))) {
      Path file = wheel.getPath("mercurial-5.9.1.dist-info", "RECORD");
      String text = Files.readString(file);
      String changed = text.replaceFirst("(?m)(/METADATA),sha256=[^,]*,", "$1," + hash + ",");
      assertThat(changed).isNotEqualTo(text);
      Files.writeString(file, changed);
    }
    assertThat(refusal(() -> find(false)).why())
        .isEqualTo("its RECORD has no SHA-256 of mercurial-5.9.1.dist-info/METADATA");
  }

  @Test
  void aFileThatIsCutAnywhereIsRefused() throws IOException {
    for (String name : List.of(WHEEL, MSI)) {
      Path file = dist.resolve(name);
      byte[] whole = Files.readAllBytes(file);
      for (int length : cuts(whole.length)) {
        Files.write(file, Arrays.copyOf(whole, length));
        assertThatThrownBy(() -> find(false))
            .as("%s of %d bytes", name, length)
            .isInstanceOf(UsageException.class)
            .hasMessageContaining(name);
      }
      Files.write(file, whole);
    }
    assertThat(find(false).files()).hasSize(16);
  }

  /** Each twentieth, and the last byte. */
  private static int[] cuts(int length) {
    return IntStream.concat(
            IntStream.range(0, 20).map(part -> (int) (length * (long) part / 20)),
            IntStream.of(length - 1))
        .toArray();
  }

  /** What POI says of it is of many kinds; none of them is a bug of ours. */
  @Test
  void anMsiThatIsDamagedAnywhereInItsHeadersIsRefusedOrIsWhole() throws IOException {
    Path msi = dist.resolve(MSI);
    byte[] whole = Files.readAllBytes(msi);
    Random random = new Random(1);
    for (int i = 0; i < 200; i++) {
      byte[] damaged = whole.clone();
      damaged[random.nextInt(1536)] ^= (byte) (1 << random.nextInt(8));
      Files.write(msi, damaged);
      try {
        InstallerContent.check(ReleaseFile.of(msi, ReleaseFile.Kind.MSI));
      } catch (UsageException e) {
        assertThat(e).hasMessageContaining(MSI);
      }
    }
  }

  @Test
  void anExeThatIsCutWithinItsSectionsIsRefused() throws IOException {
    byte[] whole = Files.readAllBytes(dist.resolve(EXE));
    for (int length : new int[] {0, 1, 63, 64, 130, 300, 512, 1024, 2559}) {
      Files.write(dist.resolve(EXE), Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> find(false))
          .as("%d bytes", length)
          .isInstanceOf(UsageException.class)
          .hasMessageContaining(EXE);
    }
  }

  @Test
  void installersThatAreSomethingElseAreRefused() throws IOException {
    Path exe = dist.resolve(EXE);
    Files.copy(dist.resolve(MSI), exe, StandardCopyOption.REPLACE_EXISTING);
    assertThat(refusal(() -> find(false)).why()).isEqualTo("it is no program for Windows");

    Files.copy(made.resolve(EXE), exe, StandardCopyOption.REPLACE_EXISTING);
    Files.copy(exe, dist.resolve(MSI), StandardCopyOption.REPLACE_EXISTING);
    assertThat(refusal(() -> find(false)).what())
        .isEqualTo(dist.resolve(MSI) + " is not the installer that its name says");
  }

  @Test
  void realProgramsForWindowsAreSuch() throws IOException {
    Path python = Path.of(Requires.env("HGAUTO_TESTBED_PYTHON"));
    try (Stream<Path> all = Files.walk(python.getParent().getParent())) {
      List<Path> programs = all.filter(file -> file.toString().endsWith(".exe")).toList();
      assertThat(programs).isNotEmpty();
      for (Path program : programs) {
        ExeHeaders.check(program);
      }
    }
  }

  @Test
  void aManifestOfAnotherVersionIsRefused() throws IOException {
    record(maker.namesOf5x().toArray(String[]::new));
    inManifest("\"version\": \"5.9.1\"", "\"version\": \"5.9\"");

    assertThat(refusal(() -> find(false)).why()).isEqualTo("it is of version 5.9");
  }

  @Test
  void aManifestThatNamesAFileTwiceIsRefused() throws IOException {
    record(maker.namesOf5x().toArray(String[]::new));
    inManifest("\"" + MSI + "\"", "\"" + EXE + "\"");

    assertThat(refusal(() -> find(true)).why()).isEqualTo("it names " + EXE + " twice");
  }

  private void inManifest(String old, String replacement) throws IOException {
    Path file = dist.resolve(Manifest.fileName(VERSION));
    String text = Files.readString(file);
    assertThat(text).contains(old);
    Files.writeString(file, text.replace(old, replacement));
  }

  private void record(String... names) throws IOException {
    Manifest manifest = new Manifest(VERSION.text(), "0".repeat(40), List.of());
    for (String name : names) {
      Path file = dist.resolve(name);
      manifest =
          manifest.with(
              new Artifact(name, Files.size(file), Sha256.of(file), Instant.EPOCH, 1, "log"));
    }
    Files.write(dist.resolve(Manifest.fileName(VERSION)), manifest.bytes());
  }

  private void inWheel(String name, String old, String replacement) throws IOException {
    try (FileSystem wheel = FileSystems.newFileSystem(dist.resolve(WHEEL))) {
      Path file = wheel.getPath("mercurial-5.9.1.dist-info", name);
      String text = Files.readString(file);
      assertThat(text).contains(old);
      Files.writeString(file, text.replace(old, replacement));
    }
  }
}
