package hgauto.release;

import static java.nio.charset.StandardCharsets.UTF_8;

import hgauto.error.EnvironmentException;
import hgauto.machine.Command;
import hgauto.machine.SshMachine;
import hgauto.resource.Resource;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether an account may change a web site's folder as publishing does: found out before anything
 * is public, for the end of it would be too late.
 *
 * @param folder there, as an absolute path
 */
record SiteAccess(SshMachine machine, String folder) {
  private static final Logger LOG = LoggerFactory.getLogger(SiteAccess.class);

  private static final Duration QUICK = Duration.ofSeconds(30);

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
    switch (look()) {
      case "missing" ->
          throw refused(site, "there is no such folder", "Say which one it is by --site-dir.");
      case "read-only" ->
          throw refused(
              site,
              "the account may not write to the folder",
              "Have its owner add you to its group, or say another --ssh-username.");
      case "sticky" ->
          throw refused(
              site,
              "latest.dat is somebody else's, and the folder's sticky bit keeps the account from"
                  + " replacing it",
              "Have the folder's owner take that away (chmod -t), or say another --ssh-username.");
      default -> LOG.debug("it can be changed, as far as that can be seen");
    }
  }

  /** What look-at-folder.sh says; empty if the account has no shell: making the lock tells then. */
  private String look() throws InterruptedException {
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    try {
      machine.run(
          Command.sh("look", Resource.text(SiteAccess.class, "look-at-folder.sh"), List.of(folder)),
          answer,
          OutputStream.nullOutputStream(),
          QUICK);
    } catch (EnvironmentException e) {
      LOG.debug("the account has no shell", e);
    }
    return answer.toString(UTF_8).strip();
  }

  private static EnvironmentException refused(String site, String why, String next) {
    return new EnvironmentException(
        "cannot publish in " + site, why, next + " Nothing is changed.");
  }
}
