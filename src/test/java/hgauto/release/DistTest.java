package hgauto.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import hgauto.error.EnvironmentException;
import hgauto.error.UsageException;
import hgauto.testbed.SmallDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DistTest {
  private static final MercurialVersion VERSION = MercurialVersion.of("7.2");
  private static final String NODE = "0a1b2c3d4e".repeat(4);
  private static final String OTHER_NODE = "f".repeat(40);
  private static final String NAME = "mercurial-7.2-x64.msi";
  private static final Instant BUILT = Instant.parse("2026-11-24T20:00:00Z");

  @TempDir private Path checkout;

  private Dist open() {
    return Dist.open(checkout, VERSION, NODE, false);
  }

  private Path dist(String name) {
    return checkout.resolve("dist").resolve(name);
  }

  private static Artifact artifact(String name, String content) {
    try {
      byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
      String sha256 = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
      return new Artifact(name, bytes.length, sha256, BUILT, 90, "/logs/" + name + ".log");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Artifact add(Dist dist, String name, String content) throws IOException {
    Artifact artifact = artifact(name, content);
    Files.writeString(dist.unfinished(name), content);
    dist.add(artifact);
    return artifact;
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(checkout.resolve("dist"))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aPackageGetsItsNameAndIsRecorded() throws IOException {
    try (Dist dist = open()) {
      add(dist, NAME, "package");
    }
    assertThat(names()).containsExactly("hgauto-7.2.json", NAME);
    assertThat(dist(NAME)).hasContent("package");
    JsonObject manifest =
        JsonParser.parseString(Files.readString(dist("hgauto-7.2.json"))).getAsJsonObject();
    assertThat(manifest.get("version").getAsString()).isEqualTo("7.2");
    assertThat(manifest.get("node").getAsString()).isEqualTo(NODE);
    assertThat(manifest.getAsJsonArray("artifacts").get(0).toString())
        .isEqualTo(
            "{\"name\":\"mercurial-7.2-x64.msi\",\"size\":7,\"sha256\":\""
                + artifact(NAME, "package").sha256()
                + "\",\"built\":\"2026-11-24T20:00:00Z\",\"seconds\":90,"
                + "\"log\":\"/logs/mercurial-7.2-x64.msi.log\"}");
  }

  @Test
  void whatWasRecordedIsThereTheNextTime() throws IOException {
    Artifact added;
    try (Dist dist = open()) {
      added = add(dist, NAME, "package");
      add(dist, "another.exe", "another");
    }
    try (Dist dist = open()) {
      assertThat(dist.whole(NAME)).contains(added);
      assertThat(dist.whole("third.exe")).isEmpty();
      assertThat(dist.manifest().artifacts())
          .extracting(Artifact::name)
          .containsExactly("another.exe", NAME);
    }
  }

  @Test
  void aPackageThatWasChangedOrRemovedIsNotThere() throws IOException {
    try (Dist dist = open()) {
      add(dist, NAME, "package");
      add(dist, "another.exe", "another");
      Files.writeString(dist(NAME), "PACKAGE");
      Files.delete(dist("another.exe"));
      assertThat(dist.whole(NAME)).isEmpty();
      assertThat(dist.whole("another.exe")).isEmpty();
    }
  }

  @Test
  void halfAPackageDoesNotTakeTheNameFromAWholeOne() throws IOException {
    try (Dist dist = open()) {
      add(dist, NAME, "package");
      Files.writeString(dist.unfinished(NAME), "new pack");
      EnvironmentException failure =
          catchThrowableOfType(
              EnvironmentException.class, () -> dist.add(artifact(NAME, "new package")));
      assertThat(failure).hasMessage(NAME + " has not come as it was sent");
      assertThat(failure.why()).isEqualTo("8 bytes are here, 11 were expected");
      assertThat(dist(NAME)).hasContent("package");
      assertThat(dist.whole(NAME)).isPresent();
    }
  }

  @Test
  void otherBytesAreSeenEvenWhereThereAreAsMany() throws IOException {
    try (Dist dist = open()) {
      Files.writeString(dist.unfinished(NAME), "pAckage");
      EnvironmentException failure =
          catchThrowableOfType(
              EnvironmentException.class, () -> dist.add(artifact(NAME, "package")));
      assertThat(failure.why()).startsWith("its SHA-256 is ").endsWith(" was expected");
      assertThat(dist(NAME)).doesNotExist();
      assertThat(dist("hgauto-7.2.json")).doesNotExist();
    }
  }

  @Test
  void whatHasComeOfOneThatIsGivenUpIsRemoved() throws IOException {
    try (Dist dist = open()) {
      Files.writeString(dist.unfinished(NAME), "pack");
      dist.discard(NAME);
      dist.discard(NAME);
    }
    assertThat(dist("")).doesNotExist();
  }

  @Test
  void whatAKilledRunHasLeftOnItsWayIsRemoved() throws IOException {
    Path left = Files.createDirectories(dist(".hgauto-7.2")).resolve(".hgauto-0a1b");
    Files.writeString(left, "half of it");
    Files.createDirectories(dist(".hgauto-7.1"));
    open().close();
    assertThat(names()).containsExactly(".hgauto-7.1"); // another run may have it
  }

  @Test
  void aLinkToAFolderStaysWhatever() throws IOException {
    Path elsewhere = Files.createDirectory(checkout.resolve("elsewhere"));
    Path link = Files.createSymbolicLink(checkout.resolve("dist"), elsewhere);
    Dist.hold(link, VERSION).close();
    open().close();
    assertThat(link).isSymbolicLink();
    assertThat(elsewhere).isEmptyDirectory();
  }

  @Test
  void whatIsNoFolderIsToldAndStays() throws IOException {
    Path dist = Files.writeString(checkout.resolve("dist"), "a file");
    EnvironmentException failure = catchThrowableOfType(EnvironmentException.class, this::open);
    assertThat(failure).hasMessage("cannot use " + dist);
    assertThat(failure.why()).isEqualTo("it is no folder, nor a link to one");
    assertThat(failure.next()).isEqualTo("Move it away.");
    assertThat(dist).hasContent("a file");
  }

  @Test
  void whatIsOnItsWayWhenItIsClosedDoesNotCome() throws IOException {
    Dist dist = open();
    Files.writeString(dist.unfinished(NAME), "package");
    dist.close();
    assertThatExceptionOfType(EnvironmentException.class)
        .isThrownBy(() -> dist.add(artifact(NAME, "package")));
    assertThat(dist("")).doesNotExist();
    try (Dist other = open()) {
      dist.close(); // a second time: it is another's now
      assertThat(other.unfinished(NAME).getParent()).exists();
      assertThat(dist(".hgauto-7.2.lock")).exists();
    }
  }

  @Test
  void packagesOfTwoChangesetsAreNotMixed() throws IOException {
    try (Dist dist = open()) {
      add(dist, NAME, "package");
    }
    UsageException failure =
        catchThrowableOfType(
            UsageException.class, () -> Dist.open(checkout, VERSION, OTHER_NODE, false));
    assertThat(failure).hasMessage("changeset ffffffffffff cannot be built as version 7.2");
    assertThat(failure.why())
        .isEqualTo(dist("hgauto-7.2.json") + " has packages of changeset 0a1b2c3d4e0a");
    open().close(); // it is not held any more
  }

  @Test
  void anewMeansWithoutThoseOfAnotherChangesetButWithItsOwn() throws IOException {
    try (Dist dist = open()) {
      add(dist, NAME, "package");
    }
    try (Dist dist = Dist.open(checkout, VERSION, NODE, true)) {
      assertThat(dist.whole(NAME)).isPresent();
    }
    try (Dist dist = Dist.open(checkout, VERSION, OTHER_NODE, true)) {
      assertThat(dist.whole(NAME)).isEmpty();
      add(dist, "another.exe", "another");
    }
    Manifest now = Manifest.read(dist("hgauto-7.2.json")).orElseThrow();
    assertThat(now.node()).isEqualTo(OTHER_NODE);
    assertThat(now.artifacts()).extracting(Artifact::name).containsExactly("another.exe");
  }

  @Test
  void whileOneBuildsAVersionNobodyElseDoes() {
    try (Dist dist = open()) {
      assertThatExceptionOfType(EnvironmentException.class)
          .isThrownBy(this::open)
          .withMessage("cannot use version 7.2 in " + checkout.resolve("dist"));
      Dist.open(checkout, MercurialVersion.of("7.1"), NODE, false).close();
      assertThat(dist.manifest().artifacts()).isEmpty();
    }
    open().close();
  }

  @Test
  void aFullDiskIsSaidAndWhatWasThereStays() throws IOException {
    try (SmallDisk disk = SmallDisk.mount(checkout.resolve("small"), "size=64k");
        Dist dist = Dist.open(disk.path(), VERSION, NODE, false)) {
      add(dist, NAME, "package");
      Files.writeString(dist.unfinished("another.exe"), "another");
      disk.fill();
      EnvironmentException failure =
          catchThrowableOfType(
              EnvironmentException.class, () -> dist.add(artifact("another.exe", "another")));
      assertThat(failure.what()).startsWith("cannot keep another.exe in ");
      assertThat(failure.why()).contains("No space left");
      assertThat(Manifest.read(dist.manifestFile()).orElseThrow().artifacts())
          .extracting(Artifact::name)
          .containsExactly(NAME);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{",
        "Junk",
        "\u00e4",
        "{\"version\": \"7.2\", \"node\": \"abc\", \"artifacts\": []}",
        "{\"version\": \"7.2\", \"node\": \"0a1b2c3d4e0a1b2c3d4e0a1b2c3d4e0a1b2c3d4e\"}",
        "{\"version\": \"7.2\", \"node\": \"0a1b2c3d4e0a1b2c3d4e0a1b2c3d4e0a1b2c3d4e\","
            + " \"artifacts\": [null]}",
        "{\"version\": \"7.2\", \"node\": \"0a1b2c3d4e0a1b2c3d4e0a1b2c3d4e0a1b2c3d4e\","
            + " \"artifacts\": [{\"name\": \"../x.exe\", \"size\": 1, \"sha256\":"
            + " \"0000000000000000000000000000000000000000000000000000000000000000\","
            + " \"built\": \"2026-11-24T20:00:00Z\", \"seconds\": 1, \"log\": \"\"}]}",
        "{\"version\": \"7.2\", \"node\": \"0a1b2c3d4e0a1b2c3d4e0a1b2c3d4e0a1b2c3d4e\","
            + " \"artifacts\": [{\"name\": \"x.exe\", \"size\": 1, \"sha256\":"
            + " \"0000000000000000000000000000000000000000000000000000000000000000\","
            + " \"built\": \"yesterday\", \"seconds\": 1, \"log\": \"\"}]}",
      })
  void aManifestThatIsNoneIsRefusedWithWhatToDo(String content) throws IOException {
    Files.createDirectories(checkout.resolve("dist"));
    Files.writeString(dist("hgauto-7.2.json"), content, StandardCharsets.ISO_8859_1);
    UsageException failure = catchThrowableOfType(UsageException.class, this::open);
    assertThat(failure).hasMessage(dist("hgauto-7.2.json") + " is no manifest");
    assertThat(failure.why()).doesNotContain("Exception", "http");
    assertThat(failure.next()).startsWith("Remove it");
  }
}
