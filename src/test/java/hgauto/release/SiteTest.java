package hgauto.release;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import hgauto.error.EnvironmentException;
import hgauto.error.RemoteWorkException;
import hgauto.machine.HostKeys;
import hgauto.machine.SshAddress;
import hgauto.machine.SshKey;
import hgauto.machine.SshMachine;
import hgauto.machine.TransferProgress;
import hgauto.testbed.OpenSshServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder of a web site, with the real OpenSSH. */
class SiteTest {
  private static final SshKey KEY = SshKey.generate();
  private static final TransferProgress NOBODY = (name, bytes, of) -> {};
  private static final LatestDat OLD = LatestDat.of("old\n".getBytes(UTF_8));
  private static final LatestDat NEW = LatestDat.of("new\n".getBytes(UTF_8));

  @TempDir private static Path server;
  private static OpenSshServer openssh;
  private static SshMachine machine;

  @TempDir private Path folder;
  @TempDir private Path dist;
  private Site site;
  private SiteLock mine;

  @BeforeAll
  static void connect() throws Exception {
    openssh = OpenSshServer.start(server, KEY.publicLine());
    machine = connect(openssh);
  }

  private static SshMachine connect(OpenSshServer to) throws Exception {
    return SshMachine.connect(
        new SshAddress(to.user(), "127.0.0.1", to.port()),
        new HostKeys.Pinned(List.of(to.hostKeyLine())),
        KEY,
        Duration.ofSeconds(20));
  }

  @AfterAll
  static void end() {
    machine.close();
    openssh.close();
  }

  @BeforeEach
  void open() {
    site = new Site(machine, folder.toString());
    mine = lock("ann@laptop", dist, "7.2");
  }

  private static SiteLock lock(String owner, Path dist, String version) {
    return SiteLock.of(owner, dist.toString(), version, Instant.EPOCH);
  }

  private void refuses(SiteLock other, String why) {
    assertThatExceptionOfType(EnvironmentException.class)
        .isThrownBy(() -> site.lock(other))
        .satisfies(e -> assertThat(e.why()).startsWith(why));
    assertThatExceptionOfType(EnvironmentException.class)
        .isThrownBy(() -> site.checkUnlocked(site.look(Set.of()), other))
        .satisfies(e -> assertThat(e.why()).startsWith(why));
  }

  private List<String> recorded() throws IOException {
    try (Stream<Path> files = Files.list(dist)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private SiteFile file(String name, int size) throws IOException {
    byte[] content = new byte[size];
    new Random(size).nextBytes(content);
    Path local = Files.write(dist.resolve(name), content);
    return new SiteFile(name, local, size, Sha256.of(content));
  }

  private List<String> names() throws InterruptedException {
    return List.copyOf(site.look(Set.of()).names());
  }

  @Test
  void whatIsStagedHasNoNameUntilItIsRevealed() throws Exception {
    SiteFile file = file("file", 300_000);

    site.stage(List.of(file), NOBODY, NOBODY);

    assertThat(names()).containsExactly(file.part());
    site.reveal(file);
    assertThat(names()).containsExactly("file");
    assertThat(site.look(Set.of("file", "none")).hashes())
        .containsOnly(Map.entry("file", file.sha256()));
    assertThat(Files.getPosixFilePermissions(folder.resolve("file")))
        .isEqualTo(PosixFilePermissions.fromString("rw-rw-r--"));
  }

  @Test
  void whatArrivedDamagedIsSentAnew() throws Exception {
    SiteFile file = file("file", 300_000);
    Files.write(folder.resolve(file.part()), new byte[200_000]); // of its length, not its content

    site.stage(List.of(file), NOBODY, NOBODY);

    assertThat(folder.resolve(file.part())).hasSameBinaryContentAs(file.local());
  }

  @Test
  void aFileThatChangesInDistIsNotPublished() throws Exception {
    SiteFile file = file("file", 1000);
    Files.write(file.local(), new byte[1000]);

    assertThatExceptionOfType(EnvironmentException.class)
        .isThrownBy(() -> site.stage(List.of(file), NOBODY, NOBODY))
        .satisfies(e -> assertThat(e.why()).contains("the SHA-256 is another of file"));
    assertThat(names()).isEmpty();
  }

  @Test
  void whatIsChangedOnTheSiteAfterItWasVerifiedIsNoticed() throws Exception {
    SiteFile file = file("file", 1000);
    site.stage(List.of(file), NOBODY, NOBODY);
    site.checkStaged(List.of(file));
    Files.write(folder.resolve(file.part()), new byte[1000]);

    assertThatExceptionOfType(EnvironmentException.class)
        .isThrownBy(() -> site.checkStaged(List.of(file)))
        .satisfies(e -> assertThat(e.why()).contains("the SHA-256 is another of file"));
  }

  @Test
  void aPublicFileIsNeverReplaced() throws Exception {
    SiteFile file = file("file", 1000);
    site.stage(List.of(file), NOBODY, NOBODY);
    Files.writeString(folder.resolve("file"), "of somebody else");

    assertThatExceptionOfType(RemoteWorkException.class).isThrownBy(() -> site.reveal(file));
    assertThat(folder.resolve("file")).hasContent("of somebody else");
  }

  @Test
  void aRenameWhoseAnswerWasLostIsDone() throws Exception {
    SiteFile file = file("file", 1000);
    site.stage(List.of(file), NOBODY, NOBODY);
    Files.copy(folder.resolve(file.part()), folder.resolve("file"));

    site.reveal(file);

    assertThat(names()).containsExactly("file");
  }

  @Test
  void latestDatIsReplacedIfItIsTheOneThatWasSeen() throws Exception {
    Files.write(folder.resolve("latest.dat"), OLD.bytes());
    site.stageLatest(NEW);

    assertThatExceptionOfType(EnvironmentException.class)
        .isThrownBy(
            () -> site.replaceLatest(NEW, Optional.of(LatestDat.of("seen\n".getBytes(UTF_8)))))
        .satisfies(e -> assertThat(e.why()).contains("somebody has changed it"));
    assertThat(folder.resolve("latest.dat")).hasContent("old\n");

    site.replaceLatest(NEW, Optional.of(OLD));
    assertThat(folder.resolve("latest.dat")).hasContent("new\n");
    assertThat(names()).containsExactly("latest.dat");
  }

  @Test
  void aFirstLatestDatIsCreatedOnlyIfThereIsStillNone() throws Exception {
    site.stageLatest(NEW);
    site.replaceLatest(NEW, Optional.empty());
    assertThat(folder.resolve("latest.dat")).hasContent("new\n");

    site.stageLatest(OLD);
    assertThatExceptionOfType(EnvironmentException.class)
        .isThrownBy(() -> site.replaceLatest(OLD, Optional.empty()));
    assertThat(folder.resolve("latest.dat")).hasContent("new\n");
  }

  @Test
  void aLockOfAKilledRunIsTakenOverByTheNextOneAndByNobodyElse(@TempDir Path clone)
      throws Exception {
    site.lock(mine);
    SiteLock next = lock("ann@laptop", dist, "7.2");
    site.checkUnlocked(site.look(Set.of()), next);
    site.lock(next); // the one before was killed
    site.checkLocked(next);

    String why = "ann@laptop has been publishing version 7.2";
    refuses(lock("bob@laptop", clone, "7.2"), why);
    refuses(lock("ann@laptop", clone, "7.2"), why);
    refuses(lock("ann@laptop", dist, "7.3"), why);
    site.checkLocked(next);
    site.unlock(next);
    assertThat(names()).isEmpty();
  }

  @Test
  void whoFindsTheSiteLockedLeavesNothingInDist(@TempDir Path clone) throws Exception {
    site.lock(lock("bob@laptop", clone, "7.2"));

    refuses(mine, "bob@laptop has been publishing");

    assertThat(recorded()).isEmpty();
  }

  @Test
  void alikeIsNotTheSame() throws Exception {
    SiteLock twin = lock("ann@laptop", dist, "7.2"); // of a machine that has all of these names
    Files.write(folder.resolve(".hgauto.lock"), twin.bytes());

    refuses(mine, "ann@laptop has been publishing version 7.2 from " + dist);
    site.checkLocked(twin);
  }

  @Test
  void aLockThatSaysNothingOfItsRunIsSomebodyElses() throws Exception {
    String old = new String(mine.bytes(), UTF_8).replaceFirst(",\\s*\"run\": \"[^\"]*\"", "");
    Files.writeString(folder.resolve(".hgauto.lock"), old);

    refuses(mine, "ann@laptop has been publishing version 7.2");
    assertThat(folder.resolve(".hgauto.lock")).hasContent(old);
  }

  @Test
  void aLockIsRecordedBeforeItIsThere() throws Exception {
    Site none = new Site(machine, folder.resolve("none").toString());
    assertThatExceptionOfType(EnvironmentException.class).isThrownBy(() -> none.lock(mine));
    Files.write(folder.resolve(".hgauto.lock"), mine.bytes()); // as if only the answer were lost

    site.lock(lock("ann@laptop", dist, "7.2"));
  }

  @Test
  void aLockThatCannotBeRecordedIsNotMade() throws Exception {
    SiteLock unrecorded = lock("ann@laptop", dist.resolve("none"), "7.2");

    assertThatExceptionOfType(EnvironmentException.class).isThrownBy(() -> site.lock(unrecorded));
    assertThat(names()).isEmpty();
  }

  @Test
  void atAnyPointOfATakeoverTheNextRunKnowsTheLock() throws Exception {
    site.lock(mine);
    SiteLock second = lock("ann@laptop", dist, "7.2");
    site.lock(second);
    Files.write(folder.resolve(".hgauto.lock"), mine.bytes()); // as if it had not been replaced
    Files.write(folder.resolve(".hgauto-lock"), second.bytes());

    SiteLock third = lock("ann@laptop", dist, "7.2");
    site.lock(third);
    site.checkLocked(third);
    assertThat(names()).containsExactly(".hgauto.lock");
  }

  @Test
  void whatIsRecordedGoesWithTheLockOfItsSite(@TempDir Path another) throws Exception {
    Site rehearsal = new Site(machine, another.toString());
    rehearsal.lock(mine);
    site.lock(lock("ann@laptop", dist, "7.2"));
    SiteLock next = lock("ann@laptop", dist, "7.2");
    site.lock(next);

    site.unlock(next);

    assertThat(recorded()).containsExactly(".hgauto-7.2.site-lock-" + mine.run());
    rehearsal.lock(next);
    rehearsal.unlock(next);
    assertThat(recorded()).isEmpty();
  }

  @Test
  void aLockThatCouldNotBeTakenOverIsKnownOrGone() throws Exception {
    site.lock(mine);
    SiteLock next = lock("ann@laptop", dist, "7.2");
    Files.createDirectory(folder.resolve(".hgauto-lock")); // which cannot be made then
    assertThatExceptionOfType(EnvironmentException.class).isThrownBy(() -> site.lock(next));

    site.unlock(next);

    assertThat(folder.resolve(".hgauto.lock")).doesNotExist();
    assertThat(recorded()).isEmpty();
  }

  @Test
  void anotherPortIsAnotherSite(@TempDir Path second) throws Exception {
    site.lock(mine); // and is killed
    try (OpenSshServer other = OpenSshServer.start(second, KEY.publicLine());
        SshMachine there = connect(other)) {
      Files.delete(folder.resolve(".hgauto.lock")); // the folder there has the same name
      Site rehearsal = new Site(there, folder.toString());
      SiteLock next = lock("ann@laptop", dist, "7.2");
      rehearsal.lock(next);
      rehearsal.unlock(next);
    }
    assertThat(recorded()).containsExactly(".hgauto-7.2.site-lock-" + mine.run());
  }

  @Test
  void whoeverLosesTheLockStopsAndLeavesItToTheOther(@TempDir Path clone) throws Exception {
    site.lock(mine);
    Files.delete(folder.resolve(".hgauto.lock")); // by hand
    assertThatExceptionOfType(EnvironmentException.class)
        .isThrownBy(() -> site.checkLocked(mine))
        .satisfies(e -> assertThat(e.why()).isEqualTo("somebody has removed our lock"));
    SiteLock theirs = lock("bob@laptop", clone, "7.2");
    site.lock(theirs);

    assertThatExceptionOfType(EnvironmentException.class)
        .isThrownBy(() -> site.checkLocked(mine))
        .satisfies(e -> assertThat(e.why()).startsWith("bob@laptop has been publishing"));
    site.unlock(mine);
    site.checkLocked(theirs);
  }

  @Test
  void aFolderThatIsNotThereIsToldOf() {
    Site none = new Site(machine, folder.resolve("none").toString());
    assertThatExceptionOfType(EnvironmentException.class)
        .isThrownBy(none::checkWritable)
        .satisfies(
            e -> {
              assertThat(e.why()).isEqualTo("there is no such folder");
              assertThat(e.next()).contains("--site-dir");
            });
  }

  @Test
  void aLockThatNobodyCanReadIsALock() throws Exception {
    Files.writeString(folder.resolve(".hgauto.lock"), "{}");

    assertThatExceptionOfType(EnvironmentException.class).isThrownBy(() -> site.lock(mine));
    assertThatExceptionOfType(EnvironmentException.class)
        .isThrownBy(() -> site.checkUnlocked(site.look(Set.of()), mine))
        .satisfies(e -> assertThat(e.next()).contains(".hgauto.lock"));
  }

  @Test
  void whatIsNoFileIsNotReadAndNotTakenForOne() throws Exception {
    Files.createDirectory(folder.resolve("folder"));
    Files.createSymbolicLink(folder.resolve("link"), Path.of("none"));
    Files.createSymbolicLink(folder.resolve("loop"), Path.of("loop"));
    Files.writeString(folder.resolve("file"), "");
    for (String name : List.of("pipe", "latest.dat", ".hgauto.lock")) {
      assertThat(new ProcessBuilder("mkfifo", folder.resolve(name).toString()).start().waitFor())
          .isZero();
    }
    Set<String> wanted = Set.of("file", "folder", "link", "loop", "pipe", "none");

    Site.State state = site.look(wanted);

    assertThat(state.hashes()).containsOnlyKeys("file");
    assertThat(state.noFiles(wanted)).containsExactly("folder", "link", "loop", "pipe");
    assertThat(state.latest()).isEmpty();
    refusesLatest("a folder, a link to nothing or the like");
    assertThatExceptionOfType(EnvironmentException.class)
        .isThrownBy(() -> site.checkFiles(state, Set.of("file", "link")))
        .satisfies(e -> assertThat(e.why()).startsWith("link, latest.dat: that is no file there"))
        .satisfies(e -> assertThat(e.next()).contains("Nothing is changed"));
    Files.delete(folder.resolve("latest.dat"));
    site.checkFiles(site.look(Set.of("file", "none")), Set.of("file", "none"));
    assertThatExceptionOfType(EnvironmentException.class)
        .isThrownBy(() -> site.checkUnlocked(state, mine));
  }

  private void checkLatest() throws InterruptedException {
    site.checkFiles(site.look(Set.of()), Set.of());
  }

  private void refusesLatest(String why) {
    assertThatExceptionOfType(EnvironmentException.class)
        .isThrownBy(() -> checkLatest())
        .satisfies(
            e -> {
              assertThat(e.what()).isEqualTo("cannot publish in " + site);
              assertThat(e.why()).contains(why);
              assertThat(e.next()).contains("Nothing is changed");
            });
  }

  @Test
  void aLatestDatThatIsALinkIsRefusedWithItsTarget() throws Exception {
    Files.write(folder.resolve("real.dat"), OLD.bytes());
    Files.createSymbolicLink(folder.resolve("latest.dat"), Path.of("real.dat"));

    refusesLatest("is a link to real.dat;");
    assertThat(site.look(Set.of()).latest()).as("release-status reads it").contains(OLD);
  }

  @Test
  void aLatestDatThatIsNoFileIsRefused() throws Exception {
    Files.createSymbolicLink(folder.resolve("latest.dat"), Path.of("none"));
    refusesLatest("link to nothing");

    Files.delete(folder.resolve("latest.dat"));
    Files.createDirectory(folder.resolve("latest.dat"));
    refusesLatest("a folder");
  }

  @Test
  void whatIsTooLongForALatestDatIsToldWithWhatToDo() throws Exception {
    Files.write(folder.resolve("latest.dat"), new byte[Site.LONGEST + 1]);

    assertThatExceptionOfType(EnvironmentException.class)
        .isThrownBy(this::checkLatest)
        .satisfies(e -> assertThat(e.next()).startsWith("Look what it is"));
  }

  @Test
  void aLatestDatThatIsAFileOrIsNotThereIsNotRefused() throws Exception {
    checkLatest();
    Files.write(folder.resolve("latest.dat"), OLD.bytes());
    checkLatest();
  }
}
