package hgauto.tryserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hgauto.state.Folders;
import hgauto.testbed.LockHolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunStoreTest {
  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

  @TempDir private Path folder;
  private RunStore store;

  @BeforeEach
  void setUp() throws IOException {
    store = new RunStore(folder.resolve("runs"));
  }

  private static Run run(long id) {
    Submission submission =
        new Submission(new byte[0], "a".repeat(40), "default", "Ann", "message", List.of());
    return Run.submitted(id, submission, NOW);
  }

  /** A run that has passed, and whose server has let it go. */
  private Run passed() throws IOException {
    try (RunStore.Claim claim = store.create()) {
      Run run = run(claim.id()).started(NOW).tested(NOW, 0, null);
      store.save(run);
      return run;
    }
  }

  private List<Long> ids() throws IOException {
    return store.list().stream().map(Run::id).toList();
  }

  @Test
  void idsCountUpAndRunsAreListedNewestFirst() throws IOException {
    assertThat(store.list()).isEmpty();
    for (int i = 1; i <= 11; i++) {
      assertThat(passed().id()).isEqualTo(i);
    }
    assertThat(ids()).startsWith(11L, 10L, 9L).endsWith(2L, 1L);
    assertThat(store.find(3)).contains(run(3).started(NOW).tested(NOW, 0, null));
    assertThat(store.find(12)).isEmpty();
  }

  @Test
  void idsAreTakenOnceHoweverManyTakeThem() {
    ConcurrentSkipListSet<Long> taken = new ConcurrentSkipListSet<>();
    IntStream.range(0, 50)
        .parallel()
        .forEach(
            i -> {
              try (RunStore.Claim claim = store.create()) {
                assertThat(taken.add(claim.id())).isTrue();
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            });
    assertThat(taken).hasSize(50);
  }

  @Test
  void aRunThatCannotBeReadIsLeftOutAndStays() throws IOException {
    passed();
    Path broken = store.folder(passed().id()).resolve("run.json");
    Files.writeString(broken, "{\"id\": 2, \"node\":");
    assertThat(ids()).containsExactly(1L);
    assertThat(store.find(2)).isEmpty();
    store.adoptOrphans(NOW);
    assertThat(broken).exists();
    assertThat(passed().id()).isEqualTo(3);
  }

  @Test
  void pruningKeepsTheNewestAndWhatGoesOn() throws IOException {
    try (RunStore.Claim waiting = store.create()) {
      store.save(run(waiting.id()));
      passed();
      passed();
      passed();
      store.prune(2, NOW.plusSeconds(1));
      assertThat(ids()).containsExactly(4L, 3L, 1L);
      assertThat(store.folder(2)).doesNotExist();
    }
  }

  @Test
  void pruningKeepsWhatCanStillBeRepeated() throws IOException {
    passed();
    passed();
    store.prune(1, NOW);
    assertThat(ids()).containsExactly(2L, 1L);
  }

  @Test
  void howManyAreKeptIsRememberedForTheNextServer() throws IOException {
    assertThat(store.keepRuns(null, 100)).isEqualTo(100);
    assertThat(store.keepRuns(500, 100)).isEqualTo(500);
    assertThat(store.keepRuns(null, 100)).isEqualTo(500);
    Path setting = store.folder(1).getParent().resolveSibling("keep-runs");
    Files.writeString(setting, "600\n");
    assertThat(store.keepRuns(null, 100)).isEqualTo(600);
    Files.writeString(setting, "many");
    assertThat(store.keepRuns(null, 100)).isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void aRunWhoseServerDiedIsInterruptedAndItsWorkingCopyGoes() throws IOException {
    passed();
    Path work;
    try (RunStore.Claim claim = store.create()) {
      store.save(run(claim.id()).started(NOW));
      work = store.createWorkFolder(claim.id(), folder);
      Files.createDirectories(work.resolve("src/deep"));
      Files.writeString(work.resolve("src/deep/file"), "");
      Files.createSymbolicLink(work.resolve("src/out"), Files.createDirectory(folder.resolve("x")));
    }
    store.adoptOrphans(NOW);
    assertThat(work).doesNotExist();
    assertThat(folder.resolve("x")).exists();
    assertThat(store.find(2).orElseThrow())
        .isEqualTo(
            run(2).started(NOW).interrupted(NOW, "the server died while the run was under way"));
    assertThat(store.find(1).orElseThrow().status()).isEqualTo(RunStatus.PASSED);
  }

  @Test
  void aSubmissionThatDidNotBecomeARunIsRemoved() throws IOException {
    try (RunStore.Claim claim = store.create()) {
      Files.writeString(store.folder(claim.id()).resolve("bundle.hg"), "half a bun");
    }
    store.adoptOrphans(NOW);
    assertThat(store.folder(1)).doesNotExist();
  }

  @Test
  void aRunOfThisProcessIsNotAdopted() throws IOException {
    try (RunStore.Claim claim = store.create()) {
      store.save(run(claim.id()).started(NOW));
      store.adoptOrphans(NOW);
      assertThat(store.find(1).orElseThrow().status()).isEqualTo(RunStatus.RUNNING);
    }
  }

  @Test
  void aRunOfAnotherProcessIsAdoptedOnlyWhenThatIsDead() throws Exception {
    try (RunStore.Claim claim = store.create()) {
      store.save(run(claim.id()).started(NOW));
    }
    Path lock = store.folder(1).resolve("lock");
    try (LockHolder other = LockHolder.of(lock)) {
      store.adoptOrphans(NOW);
      assertThat(store.find(1).orElseThrow().status())
          .as("while %s lives", other)
          .isEqualTo(RunStatus.RUNNING);
    }
    store.adoptOrphans(NOW);
    assertThat(store.find(1).orElseThrow().status()).isEqualTo(RunStatus.INTERRUPTED);
  }

  /** What a full disk or a crash leaves, and what a mean one might write there. */
  @Test
  void nothingButAWorkingCopyOfThatRunIsDeleted() throws IOException {
    Path precious = Files.createDirectory(folder.resolve("precious"));
    try (RunStore.Claim claim = store.create()) {
      store.save(run(claim.id()).started(NOW));
    }
    Path note = store.folder(1).resolve("work");
    for (String path : List.of("", ".", precious.toString(), "/", "hgauto-try-1-x")) {
      Files.writeString(note, path);
      assertThatThrownBy(() -> store.deleteWorkFolder(1))
          .isInstanceOf(IOException.class)
          .hasMessageEndingWith("does not name a working copy of ours");
    }
    store.adoptOrphans(NOW); // goes on all the same
    assertThat(precious).exists();
    assertThat(Path.of("")).exists();
    assertThat(store.find(1).orElseThrow().status()).isEqualTo(RunStatus.INTERRUPTED);
  }

  @Test
  void signaturesAreRememberedForAsLongAsTheyAreGood() throws IOException {
    passed();
    store.saveSignature(passed().id(), "abc");
    assertThat(store.submittedWith("abc", NOW.minusSeconds(1)).map(Run::id)).contains(2L);
    assertThat(store.submittedWith("abc", NOW)).isEmpty();
    assertThat(store.submittedWith("def", NOW.minusSeconds(1))).isEmpty();
  }

  @Test
  void aFolderThatNobodyMayLookIntoIsDeletedToo() throws IOException {
    Path work = Files.createDirectory(folder.resolve("work"));
    Path closed = Files.createDirectories(work.resolve("a/closed"));
    Files.writeString(closed.resolve("file"), "");
    assertThat(closed.toFile().setReadable(false)).isTrue();
    assertThat(closed.toFile().setExecutable(false)).isTrue();
    assertThat(closed.toFile().setWritable(false)).isTrue();
    Folders.delete(work);
    assertThat(work).doesNotExist();
    Folders.delete(work); // a second time is no error
  }
}
