package hgauto;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import hgauto.testbed.HgautoProgram.Result;
import hgauto.testbed.OpenSshServer;
import hgauto.testbed.release.PublishScene;
import hgauto.testbed.release.ReleaseFilesMaker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Publishing with the built program, a real index, the real twine and a real OpenSSH. */
@Timeout(600)
class PublishIT {
  @TempDir private Path folder;
  private PublishScene scene;

  @AfterEach
  void close() {
    if (scene != null) {
      scene.close();
    }
  }

  private void start(PublishScene.Server server) throws IOException {
    scene = new PublishScene(folder, server);
    ReleaseFilesMaker maker = new ReleaseFilesMaker(scene.dist(), "5.9", 100_000);
    maker.make(maker.namesOf5x());
  }

  @Test
  void aReleaseIsPlannedPublishedVerifiedFoundDoneAndRolledBack() throws Exception {
    start(OpenSshServer::start);
    Files.writeString(scene.site().resolve("latest.dat"), PublishScene.OTHERS);

    Result plan = scene.run("publish-windows-artifacts", "5.9", "--dry-run");

    assertThat(plan.exitCode()).describedAs(plan.err()).isZero();
    assertThat(plan.err()).contains("the index knows your credentials");
    assertThat(plan.out())
        .contains("mercurial-5.9-cp39-cp39-win32.whl, 0.1 MB; index: to publish; site: to publish")
        .contains("+10\t5.9\t.*Windows.*\thttps://mercurial-scm.org/release/windows/");
    assertThat(plan.out()).contains("warning: the package index has no page of Mercurial");
    assertThat(scene.onSite()).containsOnlyKeys("latest.dat");
    assertThat(scene.index().files()).isEmpty();

    Result published = scene.publish("--json");

    assertThat(published.exitCode()).describedAs(published.err()).isZero();
    assertThat(published.err()).doesNotContain("\u001b"); // no bars in a file
    JsonObject report = JsonParser.parseString(published.out()).getAsJsonObject();
    assertThat(report.getAsJsonArray("files")).hasSize(17);
    assertThat(report.getAsJsonArray("wrong")).isEmpty();
    assertThat(report.get("compared").getAsInt()).isEqualTo(scene.index().files().size());
    assertEverythingIsPublic();
    Path saved = Path.of(report.get("latestDatSaved").getAsString());
    assertThat(saved).hasContent(PublishScene.OTHERS);

    Result status = scene.run("release-status", "5.9");

    assertThat(status.exitCode()).isZero();
    assertThat(status.out()).contains("latest.dat offers 5.9").doesNotContain("NOT THE SAME");

    int uploads = scene.index().uploads();
    Result again = scene.publish();

    assertThat(again.exitCode()).describedAs(again.err()).isZero();
    assertThat(again.err())
        .contains("all of it is public already")
        .doesNotContain("has no page of Mercurial");
    assertThat(scene.index().uploads()).isEqualTo(uploads);

    Result back = scene.publish("--rollback=" + saved);

    assertThat(back.exitCode()).describedAs(back.err()).isZero();
    assertThat(scene.site().resolve("latest.dat")).hasContent(PublishScene.OTHERS);
    assertThat(scene.onSite()).hasSize(18).containsKeys("mercurial-5.9-x64.msi");
  }

  @Test
  void anAccountThatHasSftpOnlyIsEnough() throws Exception {
    start(OpenSshServer::startSftpOnly);
    try {
      Result published = scene.publish();

      assertThat(published.exitCode()).describedAs(published.err()).isZero();
      assertEverythingIsPublic();
    } finally {
      scene.close();
      scene.server().removeJail();
    }
  }

  private void assertEverythingIsPublic() throws IOException {
    Map<String, byte[]> built = scene.built();
    assertThat(scene.onSite())
        .hasSize(built.size() + 2)
        .containsKeys("latest.dat", "SHA256SUMS-5.9")
        .containsAllEntriesOf(built);
    assertThat(scene.index().files())
        .containsExactlyElementsOf(
            built.keySet().stream().filter(name -> name.endsWith(".whl")).toList());
    try (Stream<String> rows = Files.lines(scene.site().resolve("latest.dat"))) {
      assertThat(rows.filter(row -> row.contains("\t5.9\t"))).hasSize(8);
    }
    assertThat(List.of(scene.site().resolve("SHA256SUMS-5.9")))
        .allSatisfy(
            sums -> assertThat(sums).hasSameBinaryContentAs(scene.dist().resolve("SHA256SUMS")));
  }
}
