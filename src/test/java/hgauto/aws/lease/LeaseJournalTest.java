package hgauto.aws.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hgauto.error.EnvironmentException;
import hgauto.testbed.LockHolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LeaseJournalTest {
  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

  @TempDir private Path folder;
  private final List<LeaseJournal.Unreadable> stuck = new ArrayList<>();
  private LeaseJournal journal;

  @BeforeEach
  void setUp() {
    journal = new LeaseJournal(folder);
  }

  private static LeaseEntry entry() {
    return new LeaseEntry(
        LeaseEntry.newToken(),
        "123456789012",
        "us-west-2",
        "ann@laptop",
        "run-1",
        "hg-linux",
        NOW,
        NOW.plus(Duration.ofHours(4)),
        false,
        null);
  }

  /** An entry whose owner has died. */
  private LeaseEntry abandoned() throws IOException {
    try (LeaseJournal.Claim claim = journal.create(entry())) {
      return claim.entry();
    }
  }

  /** Takes all entries that it can, and gives them up again. */
  private List<LeaseEntry> claimable() throws IOException {
    List<LeaseJournal.Claim> claims = journal.claim(entry -> true, stuck::add);
    for (LeaseJournal.Claim claim : claims) {
      claim.close();
    }
    return claims.stream().map(LeaseJournal.Claim::entry).toList();
  }

  private List<String> names() throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(path -> path.getFileName().toString()).toList();
    }
  }

  @Test
  void anEntryIsAFolderNamedByItsTokenThatNobodyElseMayRead() throws IOException {
    LeaseEntry entry = abandoned();
    assertThat(names()).containsExactly(entry.token());
    assertThat(entry.token()).matches("[\\x21-\\x7e]{1,64}");
    Path record = folder.resolve(entry.token()).resolve("lease.json");
    assertThat(Files.readString(record))
        .contains("\"created\": \"2026-11-24T12:00:00Z\"")
        .contains("\"kept\": false");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(record)))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(record.getParent())))
        .isEqualTo("rwx------");
  }

  @Test
  void whatWasWrittenIsWhatIsRead() throws IOException {
    LeaseEntry entry;
    try (LeaseJournal.Claim claim = journal.create(entry())) {
      claim.update(claim.entry().withInstance("i-1"));
      claim.update(claim.entry().asKept());
      entry = claim.entry();
    }
    assertThat(entry.instance()).contains("i-1");
    assertThat(entry.kept()).isTrue();
    assertThat(claimable()).containsExactly(entry);
  }

  @Test
  void anEntryWhoseOwnerLivesIsNotTaken() throws IOException {
    try (LeaseJournal.Claim claim = journal.create(entry())) {
      assertThat(claimable()).as("while %s is held", claim).isEmpty();
    }
    assertThat(claimable()).hasSize(1);
  }

  @Test
  void anEntryOfAnotherProcessIsTakenOnlyWhenThatIsDead() throws IOException {
    LeaseEntry entry = abandoned();
    try (LockHolder other = LockHolder.of(folder.resolve(entry.token()).resolve("lock"))) {
      assertThat(claimable()).as("while %s lives", other).isEmpty();
    }
    assertThat(claimable()).containsExactly(entry);
  }

  @Test
  void anEntryIsTakenByOneAtATime() throws IOException {
    abandoned();
    List<LeaseJournal.Claim> first = journal.claim(entry -> true, stuck::add);
    assertThat(claimable()).isEmpty();
    first.get(0).close();
    assertThat(claimable()).hasSize(1);
  }

  @Test
  void whatIsNotWantedIsNotTaken() throws IOException {
    LeaseEntry wanted = abandoned();
    abandoned();
    List<LeaseJournal.Claim> claims =
        journal.claim(entry -> entry.token().equals(wanted.token()), stuck::add);
    assertThat(claims).hasSize(1);
    assertThat(claimable()).hasSize(1);
    claims.get(0).close();
  }

  @Test
  void aRemovedEntryLeavesNothing() throws IOException {
    LeaseJournal.Claim claim = journal.create(entry());
    claim.remove();
    assertThat(names()).isEmpty();
    assertThat(claimable()).isEmpty();
    claim.close(); // a second time is no error
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null", "{\"token\":", "{}", "[1]", "{\"created\": \"yesterday\"}"})
  void whatCannotBeReadIsKeptAsideAndReported(String content) throws IOException {
    LeaseEntry good = abandoned();
    LeaseEntry bad = abandoned();
    Files.writeString(folder.resolve(bad.token()).resolve("lease.json"), content);
    assertThat(claimable()).containsExactly(good);
    Path aside = folder.resolve("unreadable").resolve(bad.token());
    assertThat(aside.resolve("lease.json")).hasContent(content);
    for (int i = 0; i < 2; i++) { // as long as it is there
      assertThat(claimable()).containsExactly(good);
      assertThat(journal.unreadable())
          .singleElement()
          .satisfies(
              found -> {
                assertThat(found.where()).isEqualTo(aside);
                assertThat(found.why()).isNotEmpty();
              });
    }
  }

  @Test
  void whateverElseStandsInTheJournalIsKeptAsideToo() throws IOException {
    Files.writeString(folder.resolve("note"), "mine");
    Files.createDirectory(folder.resolve("empty"));
    Files.createDirectory(folder.resolve(".hidden")); // as of a file manager
    LeaseEntry misnamed = abandoned();
    Files.move(folder.resolve(misnamed.token()), folder.resolve("hgauto-other"));
    assertThat(claimable()).isEmpty();
    assertThat(names()).containsExactlyInAnyOrder("unreadable", ".hidden");
    assertThat(journal.unreadable())
        .extracting(found -> found.where().getFileName().toString())
        .containsExactly("empty", "hgauto-other", "note");
    Files.writeString(folder.resolve("note"), "another");
    assertThat(claimable()).isEmpty();
    assertThat(folder.resolve("unreadable/note")).hasContent("mine");
    assertThat(folder.resolve("unreadable/note-2")).hasContent("another");
  }

  /** As that of another user. Its lock is a folder here, which not even root can lock. */
  @Test
  void whatCannotBeLockedIsReportedAndStaysAndTheOthersAreTaken() throws IOException {
    LeaseEntry bad = abandoned();
    LeaseEntry good = abandoned();
    Path lock = folder.resolve(bad.token()).resolve("lock");
    Files.delete(lock);
    Files.createDirectory(lock);
    assertThat(claimable()).containsExactly(good);
    assertThat(stuck)
        .singleElement()
        .satisfies(
            found -> {
              assertThat(found.where()).isEqualTo(lock.getParent());
              assertThat(found.why()).contains("directory");
            });
    assertThat(journal.unreadable()).isEmpty();
    assertThat(lock).exists();
  }

  /** Reading a folder fails as reading a bad disk does. */
  @Test
  void whatCannotBeReadAtTheMomentIsReportedAndStays() throws IOException {
    LeaseEntry bad = abandoned();
    LeaseEntry good = abandoned();
    Path record = folder.resolve(bad.token()).resolve("lease.json");
    String content = Files.readString(record);
    Files.delete(record);
    Files.createDirectory(record);
    assertThat(claimable()).containsExactly(good);
    assertThat(stuck)
        .extracting(LeaseJournal.Unreadable::where)
        .containsExactly(record.getParent());
    Files.delete(record);
    Files.writeString(record, content);
    assertThat(claimable()).containsExactlyInAnyOrder(bad, good);
  }

  @Test
  void whatCannotBeMovedAsideDoesNotKeepFromTheOthers() throws IOException {
    Files.writeString(folder.resolve("unreadable"), "in the way");
    Files.writeString(folder.resolve("note"), "mine");
    LeaseEntry good = abandoned();
    assertThat(claimable()).containsExactly(good);
    assertThat(stuck)
        .extracting(LeaseJournal.Unreadable::where)
        .containsExactly(folder.resolve("note"));
    assertThat(journal.unreadable())
        .extracting(LeaseJournal.Unreadable::where)
        .containsExactly(folder.resolve("unreadable"));
  }

  @Test
  void whatWasTakenIsGivenUpWhereTheRestFails() throws IOException {
    abandoned();
    abandoned();
    int[] asked = {0};
    assertThatThrownBy(
            () ->
                journal.claim(
                    entry -> {
                      if (++asked[0] > 2) { // each is looked at twice
                        throw new IllegalStateException("no account");
                      }
                      return true;
                    },
                    stuck::add))
        .hasMessage("no account");
    assertThat(claimable()).hasSize(2);
  }

  /** A later version may write what this one cannot read. */
  @Test
  void whatCannotBeReadStaysWhileItsOwnerLives() throws IOException {
    LeaseEntry entry = abandoned();
    Path path = folder.resolve(entry.token());
    Files.writeString(path.resolve("lease.json"), "{}");
    try (LockHolder other = LockHolder.of(path.resolve("lock"))) {
      assertThat(claimable()).as("while %s lives", other).isEmpty();
      assertThat(path).exists();
    }
    assertThat(claimable()).isEmpty();
    assertThat(path).doesNotExist();
  }

  @Test
  void whatAKilledProcessWasMakingOrRemovingIsSweptLater() throws IOException {
    Path unfinished = Files.createDirectory(folder.resolve("." + LeaseEntry.newToken()));
    Files.writeString(unfinished.resolve("lease.json"), "{");
    assertThat(claimable()).isEmpty();
    assertThat(unfinished).exists();
    Files.setLastModifiedTime(unfinished, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
    assertThat(claimable()).isEmpty();
    assertThat(names()).isEmpty();
  }

  @Test
  void whereNoEntryCanBeMadeTheFolderIsNamed() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    assertThatThrownBy(() -> new LeaseJournal(file).create(entry()))
        .isInstanceOf(EnvironmentException.class)
        .hasMessage("cannot use the journal of leases " + file);
  }
}
