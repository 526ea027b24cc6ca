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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder of a web site, with the real OpenSSH. */
class SiteTest {
  private static final SshKey KEY = SshKey.generate();
  private static final TransferProgress NOBODY = (name, bytes, of) -> {};
  private static final SiteLock MINE = SiteLock.of("ann@laptop", "/hg/dist", "7.2", Instant.EPOCH);
  private static final LatestDat OLD = LatestDat.of("old\n".getBytes(UTF_8));
  private static final LatestDat NEW = LatestDat.of("new\n".getBytes(UTF_8));

  @TempDir private static Path server;
  private static OpenSshServer openssh;
  private static SshMachine machine;

  @TempDir private Path folder;
  @TempDir private Path dist;
  private Site site;

  @BeforeAll
  static void connect() throws Exception {
    openssh = OpenSshServer.start(server, KEY.publicLine());
    machine =
        SshMachine.connect(
            new SshAddress(openssh.user(), "127.0.0.1", openssh.port()),
            new HostKeys.Pinned(List.of(openssh.hostKeyLine())),
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
  void aLockOfAKilledRunIsTakenOverAndNobodyElses() throws Exception {
    site.lock(MINE);
    SiteLock next = SiteLock.of("ann@laptop", "/hg/dist", "7.2", Instant.EPOCH);
    site.lock(next); // the one before was killed
    site.checkLocked(next);
    site.checkUnlocked(site.look(Set.of()), MINE);

    for (SiteLock other :
        List.of(
            SiteLock.of("bob@laptop", "/hg/dist", "7.2", Instant.EPOCH),
            SiteLock.of("ann@laptop", "/other/dist", "7.2", Instant.EPOCH),
            SiteLock.of("ann@laptop", "/hg/dist", "7.3", Instant.EPOCH))) {
      assertThatExceptionOfType(EnvironmentException.class)
          .isThrownBy(() -> site.lock(other))
          .satisfies(
              e -> assertThat(e.why()).startsWith("ann@laptop has been publishing version 7.2"));
    }
    site.unlock(next);
    assertThat(names()).isEmpty();
  }

  @Test
  void whoeverLosesTheLockStopsAndLeavesItToTheOther() throws Exception {
    site.lock(MINE);
    Files.delete(folder.resolve(".hgauto.lock")); // by hand
    assertThatExceptionOfType(EnvironmentException.class)
        .isThrownBy(() -> site.checkLocked(MINE))
        .satisfies(e -> assertThat(e.why()).isEqualTo("somebody has removed our lock"));
    SiteLock theirs = SiteLock.of("bob@laptop", "/hg/dist", "7.2", Instant.EPOCH);
    site.lock(theirs);

    assertThatExceptionOfType(EnvironmentException.class)
        .isThrownBy(() -> site.checkLocked(MINE))
        .satisfies(e -> assertThat(e.why()).startsWith("bob@laptop has been publishing"));
    site.unlock(MINE);
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

    assertThatExceptionOfType(EnvironmentException.class).isThrownBy(() -> site.lock(MINE));
    assertThatExceptionOfType(EnvironmentException.class)
        .isThrownBy(() -> site.checkUnlocked(site.look(Set.of()), MINE))
        .satisfies(e -> assertThat(e.next()).contains(".hgauto.lock"));
  }
}
