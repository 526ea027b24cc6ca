package hgauto.release;

import static java.nio.charset.StandardCharsets.UTF_8;

import hgauto.error.EnvironmentException;
import hgauto.machine.Command;
import hgauto.machine.RemoteStat;
import hgauto.machine.SshMachine;
import hgauto.resource.Resource;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether an account may change a web site's folder as publishing does: found out before anything
 * is public, for the end of it would be too late.
 *
 * @param folder there, as an absolute path with a slash at its end
 */
record SiteAccess(SshMachine machine, String folder) {
  private static final Logger LOG = LoggerFactory.getLogger(SiteAccess.class);
  private static final Duration QUICK = Duration.ofSeconds(30);
  private static final int ROOT = 0;

  /**
   * Looks, as far as can be without writing.
   *
   * @param site for a person
   * @throws EnvironmentException if it may not
   */
  void check(String site) throws InterruptedException {
    if (!machine.canReplace()) {
      throw refused(
          site,
          "its SFTP server does not have posix-rename@openssh.com, by which latest.dat is replaced at"
              + " once",
          "Have it run OpenSSH's, and not refuse that (-P in sftp-server(8)).");
    }
    // Where the account has no shell, making the lock tells, and whose that is: see checkOwners.
    List<String> seen = askShell();
    if (seen.contains("missing")) {
      throw refused(site, "there is no such folder", "Say which one it is by --site-dir.");
    }
    if (seen.contains("read-only")) {
      throw refused(
          site,
          "the account may not write to the folder",
          "Have its owner add you to its group, or say another --ssh-username.");
    }
    if (seen.contains("sticky")) {
      throw sticky(site, Site.LATEST);
    }
  }

  /** What the script prints, and that shell of its own accord; nothing if there is no shell. */
  private List<String> askShell() throws InterruptedException {
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    String script = Resource.text(SiteAccess.class, "look-at-folder.sh");
    try {
      machine.run(
          Command.sh("look", script, List.of(folder)),
          answer,
          OutputStream.nullOutputStream(),
          QUICK);
    } catch (EnvironmentException e) {
      LOG.debug("the account has no shell", e);
    }
    return answer.toString(UTF_8).lines().toList();
  }

  /**
   * Looks whether what is there of a plan may be renamed and replaced. By SFTP, only a file of its
   * own tells who the account is; the lock is one.
   *
   * @param site for a person
   * @throws EnvironmentException if not
   */
  void checkOwners(String site, Site.State state, PublishPlan plan) throws InterruptedException {
    Optional<RemoteStat> sticky = machine.stat(folder).filter(RemoteStat::sticky);
    if (sticky.isEmpty()) {
      return;
    }
    Optional<RemoteStat> own = machine.stat(folder + SiteLock.NAME);
    if (own.isEmpty()) {
      return;
    }
    int account = own.get().owner();
    if (account == ROOT || account == sticky.get().owner()) {
      return;
    }
    List<String> names = new ArrayList<>();
    plan.latest().ifPresent(it -> names.addAll(List.of(Site.LATEST, Site.latestPart(it.next()))));
    plan.forSite().forEach(file -> names.add(file.part()));
    names.retainAll(state.names());
    for (String name : names) {
      if (machine.stat(folder + name).filter(it -> it.owner() != account).isPresent()) {
        throw sticky(site, name);
      }
    }
  }

  private static EnvironmentException sticky(String site, String file) {
    return refused(
        site,
        file
            + " is somebody else's, and the folder's sticky bit keeps the account from replacing or"
            + " renaming it",
        "Have the folder's owner take that away (chmod -t), or say another --ssh-username.");
  }

  private static EnvironmentException refused(String site, String why, String next) {
    return new EnvironmentException(
        "cannot publish in " + site, why, next + " Nothing is changed.");
  }
}
