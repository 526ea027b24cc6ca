package hgauto.release;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import hgauto.error.EnvironmentException;
import hgauto.machine.HostKeys;
import hgauto.machine.SshAddress;
import hgauto.machine.SshKey;
import hgauto.machine.SshMachine;
import hgauto.release.PublishPlan.Item;
import hgauto.release.PublishPlan.LatestChange;
import hgauto.release.PublishPlan.Presence;
import hgauto.testbed.OpenSshServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder of a web site, to an account that has SFTP only, with the real OpenSSH. */
class SiteBySftpTest {
  private static final SshKey KEY = SshKey.generate();
  private static final LatestDat OLD = LatestDat.of("old\n".getBytes(UTF_8));
  private static final LatestDat NEW = LatestDat.of("new\n".getBytes(UTF_8));

  @TempDir private Path temp;
  @TempDir private Path dist;
  private OpenSshServer openssh;
  private SshMachine machine;
  private Site site;
  private SiteLock mine;
  private Path folder;
  private UserPrincipal account;
  private UserPrincipal root;

  @BeforeEach
  void connect() throws Exception {
    openssh = OpenSshServer.startSftpOnly(temp, KEY.publicLine());
    machine =
        SshMachine.connect(
            new SshAddress(openssh.user(), "127.0.0.1", openssh.port()),
            new HostKeys.Pinned(List.of(openssh.hostKeyLine())),
            KEY,
            Duration.ofSeconds(20));
    site = new Site(machine, "/site");
    mine = SiteLock.of("ann@laptop", dist.toString(), "7.2", Instant.EPOCH);
    folder = openssh.jail().resolve("site");
    account = Files.getOwner(folder);
    root = Files.getOwner(openssh.jail());
  }

  @AfterEach
  void end() throws IOException {
    machine.close();
    openssh.close();
    openssh.removeJail();
  }

  private void lockIn(UserPrincipal owner, int mode) throws Exception {
    Files.setOwner(folder, owner);
    Files.setAttribute(folder, "unix:mode", mode);
    site.lock(mine);
  }

  /** Of one file, and the new latest.dat. */
  private static PublishPlan plan(SiteFile file, boolean latest) {
    return new PublishPlan(
        List.of(new Item(file, Optional.empty(), Presence.LEFT_OUT, Presence.ABSENT)),
        latest ? Optional.of(new LatestChange(Optional.of(OLD), NEW)) : Optional.empty(),
        List.of(),
        false,
        Optional.empty(),
        List.of());
  }

  private static SiteFile file() {
    return new SiteFile("file", Path.of("file"), 3, Sha256.of("new".getBytes(UTF_8)));
  }

  private void check(boolean latest) throws InterruptedException {
    site.checkOwners(site.look(Set.of()), mine, plan(file(), latest));
  }

  private void refuses(String name) {
    assertThatExceptionOfType(EnvironmentException.class)
        .isThrownBy(() -> check(true))
        .satisfies(
            e -> {
              assertThat(e.what()).isEqualTo("cannot publish in " + site);
              assertThat(e.why()).startsWith(name + " is somebody else's");
              assertThat(e.next()).contains("chmod -t");
            });
  }

  @Test
  void whereOnlyOwnersMayReplaceFilesLatestDatOfSomebodyElseIsRefused() throws Exception {
    Path latest = Files.write(folder.resolve("latest.dat"), OLD.bytes());
    lockIn(root, 01777);

    refuses("latest.dat");
    check(false); // it stays as it is

    Files.setOwner(latest, account);
    check(true);
  }

  @Test
  void whereOnlyOwnersMayRenameFilesAPartOfSomebodyElseIsRefused() throws Exception {
    Files.writeString(folder.resolve(file().part()), "new");
    lockIn(root, 01777);

    refuses(file().part());
  }

  @Test
  void inAFolderThatIsNotStickyOrOursItDoesNotMatterWhoseFilesAre() throws Exception {
    Files.write(folder.resolve("latest.dat"), OLD.bytes());
    lockIn(root, 0777);
    check(true);

    Files.setOwner(folder, account);
    Files.setAttribute(folder, "unix:mode", 01755);
    check(true);
  }

  @Test
  void aLatestDatThatIsALinkIsRefusedWithItsTarget() throws Exception {
    Files.write(folder.resolve("real.dat"), OLD.bytes());
    Files.createSymbolicLink(folder.resolve("latest.dat"), Path.of("real.dat"));

    assertThatExceptionOfType(EnvironmentException.class)
        .isThrownBy(() -> site.checkFiles(site.look(Set.of()), Set.of()))
        .satisfies(e -> assertThat(e.why()).contains("is a link to real.dat;"));
  }

  @Test
  void withoutOurLockNothingTellsWhoWeAre() throws Exception {
    Files.write(folder.resolve("latest.dat"), OLD.bytes());
    lockIn(root, 01777);
    Files.delete(folder.resolve(".hgauto.lock"));

    check(true);
  }
}
