package hgauto;

import static org.assertj.core.api.Assertions.assertThat;

import hgauto.testbed.HgautoProgram.Result;
import hgauto.testbed.HgautoProgram.Running;
import hgauto.testbed.OpenSshServer;
import hgauto.testbed.TerminalScreen;
import hgauto.testbed.release.PublishScene;
import hgauto.testbed.release.ReleaseFilesMaker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A person publishes, and sits before a terminal. */
@Timeout(600)
class PublishOnTerminalIT {
  private static final String WHEEL = "mercurial-5.9-cp39-cp39-win32.whl";
  private static final String EXE = "Mercurial-5.9-x64.exe";

  @TempDir private Path folder;
  private PublishScene scene;

  @BeforeEach
  void makeARelease() throws IOException {
    scene = new PublishScene(folder, OpenSshServer::start);
    new ReleaseFilesMaker(scene.dist(), "5.9", 1000).make(List.of(WHEEL, EXE));
    Files.writeString(scene.site().resolve("latest.dat"), PublishScene.OTHERS);
  }

  @AfterEach
  void close() {
    if (scene != null) {
      scene.close();
    }
  }

  private static List<String> screen(Result result) {
    TerminalScreen screen = new TerminalScreen(24, 80);
    screen.print(result.out());
    List<String> seen = screen.lines();
    System.out.println("exit code " + result.exitCode() + ":\n" + String.join("\n", seen) + "\n");
    return seen;
  }

  private void assertNothingIsChanged() throws IOException {
    assertThat(scene.onSite()).containsOnlyKeys("latest.dat");
    assertThat(scene.site().resolve("latest.dat")).hasContent(PublishScene.OTHERS);
    assertThat(scene.index().uploads()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"xterm, true", "dumb, false"})
  void whoTypesTheWordPublishes(String kind, boolean bars) throws Exception {
    scene.program().with("TERM", kind);

    Result published = scene.publishOnTerminal("publish\n", "--allow-partial").end();

    assertThat(published.out().contains("\u001b")).isEqualTo(bars);
    List<String> seen = screen(published);
    assertThat(seen).contains("they are there, and verified; nobody sees them yet");
    assertThat(
            seen.stream().filter(line -> line.matches("3 of 3 files sent +100% \\[=+] 0\\.0 MB")))
        .hasSize(bars ? 1 : 0);
    assertThat(published.exitCode()).isZero();
    assertThat(scene.onSite()).containsAllEntriesOf(scene.built());
    assertThat(scene.index().files()).containsExactly(WHEEL);
  }

  @Test
  void whoTypesAnotherWordChangesNothing() throws Exception {
    Result refused = scene.publishOnTerminal("yes\n", "--allow-partial").end();

    assertThat(screen(refused)).contains("error: not confirmed; nothing was changed");
    assertThat(refused.exitCode()).isEqualTo(2);
    assertNothingIsChanged();
  }

  @Test
  void ctrlCAtTheQuestionChangesNothing() throws Exception {
    Result ended = scene.publishOnTerminal("\u0003", "--allow-partial").end();

    assertThat(screen(ended)).last().isEqualTo("^C");
    assertThat(ended.exitCode()).isEqualTo(130);
    assertNothingIsChanged();
  }

  @Test
  void ctrlCDuringAnUploadEndsTwineAndTheLastWordIsTheLast() throws Exception {
    AtomicReference<Running> running = new AtomicReference<>();
    CompletableFuture<List<ProcessHandle>> twine = new CompletableFuture<>();
    scene
        .index()
        .whenUploading(
            () -> {
              twine.complete(endByCtrlC(running.get()));
              return false;
            });
    running.set(scene.publishOnTerminal("publish\n", "--allow-partial"));

    Result ended = running.get().end();

    List<String> seen = screen(ended);
    String lock = "127.0.0.1:" + scene.remoteSite() + ".hgauto.lock";
    assertThat(String.join("", seen).replace(" ", "")) // lines are broken anywhere
        .contains("interrupted:perhapsalsoontheindex" + WHEEL)
        .contains("thesamecommandgoesonwiththerest;", "thesitestayslockedby" + lock + ":")
        .endsWith("removingthatfileopensthesiteforothers");
    assertThat(ended.exitCode()).isEqualTo(130);
    assertThat(twine.get(60, TimeUnit.SECONDS))
        .hasSizeGreaterThan(2)
        .noneMatch(ProcessHandle::isAlive);
    scene.index().whenUploading(() -> true);
    assertThat(scene.publish("--allow-partial").exitCode()).isZero();
    assertThat(scene.onSite()).doesNotContainKey(".hgauto.lock").containsKeys(WHEEL, EXE);
  }

  @Test
  void ctrlCBeforeAnythingIsPublicLetsOthersPublish() throws Exception {
    AtomicReference<Running> running = new AtomicReference<>();
    CompletableFuture<Boolean> locked = new CompletableFuture<>();
    scene
        .index()
        .whenLookedAt(
            () -> {
              if (scene.index().looks() == 3) { // all is sent
                locked.complete(Files.exists(scene.site().resolve(".hgauto.lock")));
                endByCtrlC(running.get());
              }
            });
    running.set(scene.publishOnTerminal("publish\n", "--allow-partial"));

    Result ended = running.get().end();

    assertThat(ended.exitCode()).isEqualTo(130);
    assertThat(locked).isCompletedWithValue(true);
    assertThat(String.join("", screen(ended)).replace(" ", ""))
        .endsWith(
            "interrupted:thisrunhasmadenothingpublic;whatwassenttothesiteisgoneonwithbythesame"
                + "command");
    assertThat(scene.onSite()).doesNotContainKey(".hgauto.lock");
    try (Stream<Path> files = Files.list(scene.dist())) {
      assertThat(files).noneMatch(file -> file.toString().contains(".site-lock-"));
    }
  }

  /** Presses it, and returns all that was running then, and has ended. */
  private static List<ProcessHandle> endByCtrlC(Running running) {
    List<ProcessHandle> below =
        ProcessHandle.of(running.pid()).orElseThrow().descendants().toList();
    pressCtrlC(running);
    below.forEach(it -> it.onExit().completeOnTimeout(it, 30, TimeUnit.SECONDS).join());
    return below;
  }

  private static void pressCtrlC(Running running) {
    try {
      running.signal("USR1");
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void withoutATerminalNothingIsLookedAt() throws Exception {
    scene.close(); // whoever looks fails otherwise

    Result refused = scene.run("publish-windows-artifacts", "5.9", "--allow-partial");

    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err())
        .contains("there is no terminal to ask on", "--dry-run", "--yes")
        .doesNotContain("not among the packages");
    assertNothingIsChanged();
  }
}
