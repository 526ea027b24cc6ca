package hgauto.release;

import hgauto.error.EnvironmentException;
import hgauto.machine.SshMachine;
import java.util.List;

/**
 * Whether an account may change a web site's folder as publishing does: found out before anything
 * is public, for the end of it would be too late.
 *
 * @param folder there, as an absolute path
 */
record SiteAccess(SshMachine machine, String folder) {
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
    // Where the account has no shell, making the lock tells.
    List<String> seen = new SiteShell(machine).ask("look-at-folder.sh", folder);
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
      throw refused(
          site,
          "latest.dat is somebody else's, and the folder's sticky bit keeps the account from"
              + " replacing it",
          "Have the folder's owner take that away (chmod -t), or say another --ssh-username.");
    }
  }

  private static EnvironmentException refused(String site, String why, String next) {
    return new EnvironmentException(
        "cannot publish in " + site, why, next + " Nothing is changed.");
  }
}
