package hgauto;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import hgauto.testbed.HgautoProgram.Result;
import hgauto.testbed.OpenSshServer;
import hgauto.testbed.SmallDisk;
import hgauto.testbed.release.PublishScene;
import hgauto.testbed.release.ReleaseFilesMaker;
import hgauto.testbed.release.WatchedSftp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong while a release is published: what is said, what is public, and the way on. */
@Timeout(600)
class PublishFaultsIT {
  private static final String OLD = PublishScene.OTHERS;
  private static final List<String> NAMES =
      List.of(
          "mercurial-5.9-cp39-cp39-win32.whl",
          "mercurial-5.9-cp39-cp39-win_amd64.whl",
          "Mercurial-5.9-x64.exe",
          "mercurial-5.9-x64.msi");

  /** In percent; all of them take minutes. */
  private static final int STEP = Boolean.getBoolean("faults.all") ? 5 : 30;

  @TempDir private Path folder;
  private PublishScene scene;

  @AfterEach
  void close() {
    if (scene != null) {
      scene.close();
    }
  }

  private void start(PublishScene.Server server, int bytes) throws IOException {
    scene = new PublishScene(Files.createDirectory(folder.resolve("scene")), server);
    new ReleaseFilesMaker(scene.dist(), "5.9", bytes).make(NAMES);
    Files.writeString(scene.site().resolve("latest.dat"), OLD);
  }

  private Result publish(String... more) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("--allow-partial"));
    arguments.addAll(List.of(more));
    Result result = scene.publish(arguments.toArray(String[]::new));
    System.out.println("exit code " + result.exitCode() + ":\n" + result.err().strip() + "\n");
    return result;
  }

  private void assertNothingIsPublic() throws IOException {
    assertThat(scene.onSite().keySet().stream().filter(name -> !name.startsWith(".")))
        .containsExactly("latest.dat");
    assertThat(scene.site().resolve("latest.dat")).hasContent(OLD);
    assertThat(scene.index().files()).isEmpty();
  }

  private void assertAnotherRunCompletesIt() throws Exception {
    Result again = publish();
    assertThat(again.exitCode()).isZero();
    assertThat(scene.onSite())
        .containsOnlyKeys(
            Stream.concat(NAMES.stream(), Stream.of("latest.dat", "SHA256SUMS-5.9")).toList())
        .containsAllEntriesOf(scene.built());
    assertThat(scene.index().files()).hasSize(2);
    assertThat(Files.readString(scene.site().resolve("latest.dat"))).contains("\t5.9\t");
  }

  @Test
  void whereverTheConnectionIsCutAnotherRunSendsTheRest() throws Exception {
    WatchedSftp sftp = new WatchedSftp(Files.createDirectory(folder.resolve("control")));
    start(sftp, 2_000_000);
    assertThat(publish().exitCode()).isZero();
    List<String> operations = sftp.operations();
    int writes = operations.lastIndexOf("write");
    for (int percent = 5; percent <= 100; percent += STEP) {
      for (Path place : List.of(scene.site(), scene.index().packages())) {
        try (Stream<Path> files = Files.list(place)) {
          for (Path file : files.toList()) {
            Files.delete(file);
          }
        }
      }
      Files.writeString(scene.site().resolve("latest.dat"), OLD);
      sftp.forget();
      sftp.cutAt(Math.max(1, writes * percent / 100));

      Result cut = publish("--json");

      assertThat(cut.exitCode()).describedAs(percent + " %").isEqualTo(3);
      assertNothingIsPublic();
      String stays = "site stays locked by 127.0.0.1:" + scene.remoteSite() + ".hgauto.lock: ";
      assertThat(cut.err()).contains(stays);
      JsonObject failure =
          JsonParser.parseString(cut.out()).getAsJsonObject().getAsJsonObject("failure");
      assertThat(failure.get("next").getAsString()).contains(stays);
      assertAnotherRunCompletesIt();
    }
  }

  @Test
  void aFullDiskChangesNothingThatIsPublic() throws Exception {
    start(OpenSshServer::start, 100_000);
    Files.delete(scene.site().resolve("latest.dat"));
    Files.delete(scene.site());
    try (SmallDisk disk = SmallDisk.mount(scene.site(), "size=256k,mode=755")) {
      Files.writeString(disk.path().resolve("latest.dat"), OLD);

      Result full = publish();

      assertThat(full.exitCode()).isEqualTo(3);
      assertThat(full.err()).contains("this run has made nothing public");
      assertNothingIsPublic();
      assertThat(scene.onSite()).doesNotContainKey(".hgauto.lock");

      disk.grow("4m");

      assertAnotherRunCompletesIt();
    }
  }

  @Test
  void whatCannotBeTidiedUpStays() throws Exception {
    start(OpenSshServer::start, 1000);
    Path folder = Files.createDirectory(scene.site().resolve(".hgauto-folder"));

    assertThat(publish().exitCode()).isZero();

    assertThat(folder).isDirectory();
    assertThat(scene.index().files()).hasSize(2);
  }

  @Test
  void aServerThatCannotReplaceAtOnceIsRefusedBeforeAnythingIsWritten() throws Exception {
    start(
        (at, line) ->
            OpenSshServer.start(
                at, line, "ForceCommand /usr/lib/openssh/sftp-server -P posix-rename"),
        1000);

    Result refused = publish();

    assertThat(refused.exitCode()).isEqualTo(3);
    assertThat(refused.err()).contains("posix-rename@openssh.com");
    assertThat(scene.onSite()).containsOnlyKeys("latest.dat");
  }

  @Test
  void aFolderThatMayNotBeWrittenIsToldOf() throws Exception {
    scene =
        new PublishScene(
            Files.createDirectory(folder.resolve("scene")), OpenSshServer::startSftpOnly);
    try {
      new ReleaseFilesMaker(scene.dist(), "5.9", 1000).make(NAMES);
      Files.setPosixFilePermissions(scene.site(), PosixFilePermissions.fromString("r-xr-xr-x"));

      Result refused = publish();

      assertThat(refused.exitCode()).isEqualTo(3);
      assertThat(refused.err()).containsIgnoringCase("permission denied");
      assertThat(scene.onSite()).isEmpty();
      assertThat(scene.index().files()).isEmpty();
    } finally {
      scene.close();
      scene.server().removeJail();
    }
  }

  @Test
  void aLatestDatThatOnlyItsOwnerMayReplaceIsRefusedBeforeTheIndexHasAnything() throws Exception {
    scene =
        new PublishScene(
            Files.createDirectory(folder.resolve("scene")), OpenSshServer::startSftpOnly);
    try {
      new ReleaseFilesMaker(scene.dist(), "5.9", 1000).make(NAMES);
      Files.writeString(scene.site().resolve("latest.dat"), OLD);
      Files.setOwner(scene.site(), Files.getOwner(scene.dist())); // root
      Files.setAttribute(scene.site(), "unix:mode", 01777);

      Result refused = publish();

      assertThat(refused.exitCode()).isEqualTo(3);
      assertThat(refused.err()).contains("latest.dat is somebody else's", "chmod -t");
      assertThat(scene.onSite()).containsOnlyKeys("latest.dat");
      assertThat(scene.index().files()).isEmpty();
    } finally {
      scene.close();
      scene.server().removeJail();
    }
  }

  @Test
  void whatIsNoFileOnTheSiteIsToldAndNotRead() throws Exception {
    start(OpenSshServer::start, 1000);
    Files.createDirectory(scene.site().resolve("mercurial-5.9-symbols"));
    Files.createSymbolicLink(scene.site().resolve("Mercurial-5.9-x64.exe"), Path.of("none"));

    Result status = scene.run("release-status", "5.9");
    Result refused = publish();

    assertThat(status.exitCode()).describedAs(status.err()).isZero();
    assertThat(status.out()).contains("the like: Mercurial-5.9-x64.exe, mercurial-5.9-symbols");
    assertThat(refused.exitCode()).isEqualTo(3);
    assertThat(refused.err()).contains("Mercurial-5.9-x64.exe: that is no file there");
    assertThat(scene.index().files()).isEmpty();
  }

  /** Between the plan and the first wheel a person is asked, and all is sent to the site. */
  @ParameterizedTest
  @ValueSource(strings = {"latest.dat", "Mercurial-5.9-x64.exe"})
  void whatSomebodyPublishesAfterThePlanIsNoticedBeforeTheIndexHasAnything(String name)
      throws Exception {
    start(OpenSshServer::start, 1000);
    String theirs = OLD + "10\t7.2\t.*Windows.*\thttps://example.org/new.msi\tTortoiseHg\n";
    scene.index().whenAskedForAPerson(() -> write(scene.site().resolve(name), theirs));

    Result refused = publish();

    assertThat(refused.exitCode()).isEqualTo(3);
    assertThat(refused.err())
        .contains("the plan no longer holds", "this run has made nothing public");
    assertThat(scene.index().files()).isEmpty();
    assertThat(scene.site().resolve(name)).hasContent(theirs);
    assertThat(scene.onSite()).doesNotContainKey(".hgauto.lock");
  }

  private static void write(Path file, String content) {
    try {
      Files.writeString(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void whoHasChangedLatestDatMeanwhileLosesNothing() throws Exception {
    start(OpenSshServer::start, 1000);
    String theirs = OLD + "10\t7.2\t.*Windows.*\thttps://example.org/new.msi\tTortoiseHg\n";
    scene.index().whenTaken(() -> write(scene.site().resolve("latest.dat"), theirs));

    Result refused = publish();

    assertThat(refused.exitCode()).isEqualTo(3);
    assertThat(refused.err())
        .contains("latest.dat in", "is left as it is", "this has become public: on the index");
    assertThat(scene.site().resolve("latest.dat")).hasContent(theirs);
    scene.index().whenTaken(() -> {});
    assertAnotherRunCompletesIt();
    assertThat(Files.readString(scene.site().resolve("latest.dat"))).startsWith(theirs);
  }

  @ParameterizedTest
  @CsvSource({"400, 1", "403, 3", "409, 1", "500, 3"})
  void anIndexThatRefusesTheSecondWheelStopsItBeforeTheSite(int status, int exitCode)
      throws Exception {
    start(OpenSshServer::start, 1000);
    scene.index().refuseUploads(1, status);

    Result refused = publish();

    assertThat(refused.exitCode()).isEqualTo(exitCode);
    assertThat(refused.err())
        .contains("this has become public: on the index mercurial-5.9-cp39-cp39-win32.whl;");
    // The page of an index can be older than its answer that it has such a file.
    assertThat(
            refused.err().contains("perhaps also on the index mercurial-5.9-cp39-cp39-win_amd64"))
        .isEqualTo(status == 409 || status == 500);
    assertThat(scene.index().files()).hasSize(1);
    assertThat(scene.site().resolve("latest.dat")).hasContent(OLD);
    assertThat(scene.onSite()).doesNotContainKeys("Mercurial-5.9-x64.exe", ".hgauto.lock");
    assertThat(scene.run("release-status", "5.9").out())
        .containsPattern("cp39-win32.whl +[0-9a-f]{12} +[0-9a-f]{12} +-");
    scene.index().recover();
    assertAnotherRunCompletesIt();
  }

  @Test
  void whatIsPublicOfARunThatBreaksOffIsInItsJson() throws Exception {
    start(OpenSshServer::start, 1000);
    scene.index().refuseUploads(1, 500);

    Result broken = publish("--json");

    assertThat(broken.exitCode()).isEqualTo(3);
    JsonObject report = JsonParser.parseString(broken.out()).getAsJsonObject();
    Map<String, String> states = new TreeMap<>();
    for (JsonElement file : report.getAsJsonArray("files")) {
      for (String place : List.of("index", "site")) {
        if (file.getAsJsonObject().get(place) instanceof JsonObject there) {
          states.put(
              file.getAsJsonObject().get("file").getAsString() + " on " + place,
              there.get("state").getAsString());
        }
      }
    }
    assertThat(states)
        .hasSize(2 + NAMES.size() + 1)
        .containsEntry(NAMES.get(0) + " on index", "published")
        .containsEntry(NAMES.get(1) + " on index", "perhaps published")
        .containsEntry(NAMES.get(0) + " on site", "to publish")
        .containsEntry("SHA256SUMS-5.9 on site", "to publish");
    assertThat(report.get("latestDat").getAsString()).isEqualTo("to replace");
    JsonObject failure = report.getAsJsonObject("failure");
    assertThat(broken.err()).contains("error: " + failure.get("what").getAsString());
    assertThat(failure.get("next").getAsString())
        .endsWith("The same command goes on with the rest.");
  }

  @Test
  void anIndexThatShowsItLateIsWaitedFor() throws Exception {
    start(OpenSshServer::start, 1000);
    scene.index().showLate(2);

    Result published = publish();

    assertThat(published.exitCode()).isZero();
    assertThat(published.out())
        .contains("published: " + scene.index().upload() + "packages/" + NAMES.get(0))
        .contains("published: " + scene.index().upload() + "packages/" + NAMES.get(1));
    assertThat(scene.index().looks()).isEqualTo(3 + 3); // before the uploads and after them
  }

  @Test
  void anAnswerThatIsLostIsNoFailure() throws Exception {
    start(OpenSshServer::start, 1000);
    scene.index().loseAnswers(0);

    Result published = publish();

    assertThat(published.exitCode()).isZero();
    assertThat(scene.index().files()).hasSize(2);
  }

  @Test
  void anIndexThatIsDownIsToldOfBeforeAnythingIsWritten() throws Exception {
    start(OpenSshServer::start, 1000);
    scene.index().close();

    Result refused = publish();

    assertThat(refused.exitCode()).isEqualTo(3);
    assertThat(scene.onSite()).containsOnlyKeys("latest.dat");
  }

  @Test
  void aWrongPasswordIsNoticedBeforeAnythingIsWritten() throws Exception {
    start(OpenSshServer::start, 1000);
    scene.program().with("TWINE_PASSWORD", "battery staple");

    Result refused = publish();

    assertThat(refused.exitCode()).isEqualTo(3);
    assertThat(refused.err())
        .contains("refuses the credentials", "403", "TWINE_PASSWORD")
        .doesNotContain("battery staple");
    assertThat(scene.onSite()).containsOnlyKeys("latest.dat");
    assertThat(scene.index().files()).isEmpty();
  }

  @Test
  void anUnknownHostKeyIsRefused() throws Exception {
    start(OpenSshServer::start, 1000);
    scene.server().close();
    scene.server().newHostKey();
    scene.server().restart();

    Result refused = publish();

    assertThat(refused.exitCode()).isEqualTo(3);
    assertNothingIsPublic();
  }

  @ParameterizedTest
  @ValueSource(strings = {"5,9", "5.9/", "../5.9", "5 .9", "5.9x", ""})
  void aVersionThatIsNoneIsRefused(String version) throws Exception {
    start(OpenSshServer::start, 1000);

    Result refused = scene.run("publish-windows-artifacts", version, "--yes");

    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err()).contains("is not a version of Mercurial");
    assertNothingIsPublic();
  }

  @Test
  void filesThatAreNotWhatTheirNamesSayAreRefused() throws Exception {
    start(OpenSshServer::start, 20_000);
    Path msi = scene.dist().resolve("mercurial-5.9-x64.msi");
    byte[] whole = Files.readAllBytes(msi);
    try (FileChannel channel = FileChannel.open(msi, StandardOpenOption.WRITE)) {
      channel.truncate(whole.length / 2);
    }

    assertThat(publish().exitCode()).isEqualTo(2);

    Files.write(msi, whole);
    Path wheel = scene.dist().resolve(NAMES.get(0));
    Files.copy(wheel, scene.dist().resolve("mercurial-5.9-cp38-cp38-win32.whl"));
    Result disagreeing = publish();

    assertThat(disagreeing.exitCode()).isEqualTo(2);
    assertThat(disagreeing.err()).contains("inside, its Tag is cp39-cp39-win32");
    assertNothingIsPublic();
  }

  @Test
  void somebodyElsesLockIsRespected() throws Exception {
    start(OpenSshServer::start, 1000);
    String lock =
        "{\"owner\": \"ann@laptop\", \"dist\": \"/home/ann/hg/dist\", \"version\": \"5.9\", \"since\": \"2026-01-31T23:59:59Z\"}";
    Files.writeString(scene.site().resolve(".hgauto.lock"), lock);

    Result refused = publish();

    assertThat(refused.exitCode()).isEqualTo(3);
    assertThat(refused.err()).contains("ann@laptop has been publishing version 5.9");
    assertThat(scene.onSite()).containsOnlyKeys("latest.dat", ".hgauto.lock");
    assertThat(scene.site().resolve(".hgauto.lock")).hasContent(lock);
  }

  @Test
  void anotherFileOfTheNameStopsIt() throws Exception {
    start(OpenSshServer::start, 1000);
    Files.writeString(scene.site().resolve(NAMES.get(2)), "another");

    Result refused = publish();

    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err()).contains(NAMES.get(2) + " on the site");
    assertThat(scene.onSite()).containsOnlyKeys("latest.dat", NAMES.get(2));
    assertThat(scene.index().files()).isEmpty();
  }
}
