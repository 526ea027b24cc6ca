package hgauto.machine;

import hgauto.error.EnvironmentException;
import hgauto.error.HgautoException;
import hgauto.error.MachineLostException;
import hgauto.state.Reason;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.function.BiFunction;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.client.session.ClientSession.ClientSessionEvent;
import org.apache.sshd.sftp.client.extensions.openssh.OpenSSHStatExtensionInfo;
import org.apache.sshd.sftp.client.extensions.openssh.OpenSSHStatPathExtension;
import org.apache.sshd.sftp.client.impl.AbstractSftpClient;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.common.SftpException;

/** Says why a transfer failed. */
final class SftpFailure {
  /** A connection that breaks ends its channels first. */
  private static final Duration AFTER_ITS_CHANNELS = Duration.ofSeconds(1);

  /** MINA's word for text that it takes for a length; it gives up the connection then. */
  private static final String OTHER_TEXT = "Illogical sftp packet length";

  private final SshAddress machine;
  private final ClientSession session;
  private final BiFunction<String, Throwable, MachineLostException> lost;

  /**
   * @param lost what to throw for a connection that is lost during something
   */
  SftpFailure(
      SshAddress machine,
      ClientSession session,
      BiFunction<String, Throwable, MachineLostException> lost) {
    this.machine = machine;
    this.session = session;
    this.lost = lost;
  }

  /**
   * What to throw.
   *
   * @param deed what failed: "send a to b"
   * @param remote the file there
   * @param sftp the channel on which it failed
   */
  HgautoException of(String deed, String remote, AbstractSftpClient sftp, IOException e) {
    String what = "cannot " + deed + " (" + machine + ")";
    if (e instanceof SftpException refused) {
      String next =
          refused.getStatus() == SftpConstants.SSH_FX_PERMISSION_DENIED
              ? "Look at the permissions of " + remote + " and of its folder there."
              : "";
      return new EnvironmentException(what, refusal(remote, sftp, refused), next, e);
    }
    if (isLost()) { // whether or not the channel knows already
      return lost.apply(deed, e);
    }
    return new EnvironmentException(what, Reason.of(e), "", e);
  }

  /** The same for a channel that could not be opened. */
  HgautoException ofOpening(IOException e) {
    if (isLost()) {
      MachineLostException told = lost.apply("opening a channel for files", e);
      return told.why().startsWith(OTHER_TEXT) ? ofOtherText(e) : told;
    }
    return new EnvironmentException(
        "cannot transfer files to or from " + machine,
        "its SSH server does not do SFTP: " + Reason.of(e),
        "Put the line \"Subsystem sftp internal-sftp\" into its sshd_config.",
        e);
  }

  private EnvironmentException ofOtherText(IOException e) {
    return new EnvironmentException(
        "cannot transfer files to or from " + machine,
        "its login shell prints something by itself, before SFTP's answers",
        "Let the start-up files there (~"
            + machine.user()
            + "/.bashrc) print nothing where there is no terminal; hgauto check-host shows what they"
            + " print.",
        e);
  }

  /** The same for a channel that the server had no session for. */
  HgautoException ofWaiting(Channels.NoneFreeException e) {
    return e.told("cannot transfer files to or from " + machine);
  }

  /**
   * The same for transfers that do not go on.
   *
   * @param deeds what does not
   */
  HgautoException ofStalling(List<String> deeds, Duration patience) {
    return new EnvironmentException(
        "cannot " + String.join(", ", deeds) + " (" + machine + ")",
        "its SFTP server neither sent nor took anything for " + patience.toSeconds() + " s",
        "Look whether its disks answer.");
  }

  private boolean isLost() {
    return session
        .waitFor(EnumSet.of(ClientSessionEvent.CLOSED), AFTER_ITS_CHANNELS)
        .contains(ClientSessionEvent.CLOSED);
  }

  private static String refusal(String remote, AbstractSftpClient sftp, SftpException e) {
    return switch (e.getStatus()) {
      case SftpConstants.SSH_FX_NO_SUCH_FILE -> "there is no such file or folder there";
      case SftpConstants.SSH_FX_PERMISSION_DENIED -> "permission denied there";
      default ->
          isFolder(sftp, remote)
              ? "there is a folder of that name there"
              : "the server says \"" + e.getMessage() + "\"" + disk(sftp, remote);
    };
  }

  private static boolean isFolder(AbstractSftpClient sftp, String remote) {
    try {
      return sftp.stat(remote).isDirectory();
    } catch (IOException e) {
      return false;
    }
  }

  /** SFTP 3 has one word, "Failure", for all that can be wrong with a disk. */
  private static String disk(AbstractSftpClient sftp, String remote) {
    OpenSSHStatPathExtension disks = sftp.getExtension(OpenSSHStatPathExtension.class);
    if (disks == null || !disks.isSupported()) {
      return "";
    }
    try {
      String folder = remote.substring(0, remote.lastIndexOf('/') + 1);
      OpenSSHStatExtensionInfo disk = disks.stat(folder.isEmpty() ? "." : folder);
      if ((disk.f_flag & OpenSSHStatExtensionInfo.SSH_FXE_STATVFS_ST_RDONLY) != 0) {
        return "; the disk is mounted read-only";
      }
      return "; " + disk.f_bavail * disk.f_frsize / 1024 + " KiB are free on the disk there";
    } catch (IOException e) {
      return "";
    }
  }
}
