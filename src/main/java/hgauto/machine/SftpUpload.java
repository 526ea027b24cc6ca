package hgauto.machine;

import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.util.Set;
import java.util.UUID;
import org.apache.sshd.sftp.client.SftpClient.Attributes;
import org.apache.sshd.sftp.client.SftpClient.CloseableHandle;
import org.apache.sshd.sftp.client.SftpClient.OpenMode;
import org.apache.sshd.sftp.client.extensions.openssh.OpenSSHPosixRenameExtension;
import org.apache.sshd.sftp.client.impl.AbstractSftpClient;
import org.apache.sshd.sftp.client.impl.SftpOutputStreamAsync;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.common.SftpException;

/**
 * One file on its way to a machine. It is written under a name of its own beside the target, and
 * gets the target's name when it is whole.
 */
final class SftpUpload {
  private final AbstractSftpClient sftp;
  private final String remote;
  private final String beside;

  SftpUpload(AbstractSftpClient sftp, String remote) {
    this.sftp = sftp;
    this.remote = remote;
    this.beside = remote.substring(0, remote.lastIndexOf('/') + 1) + ".hgauto-" + UUID.randomUUID();
  }

  /**
   * Sends it.
   *
   * @param size what {@code content} has, in bytes
   * @param unfinished has the name of the file beside the target for as long as that may be there
   */
  void send(ReadableByteChannel content, long size, int mode, Set<String> unfinished)
      throws IOException {
    unfinished.add(beside);
    CloseableHandle handle =
        sftp.open(beside, Set.of(OpenMode.Write, OpenMode.Create, OpenMode.Exclusive));
    long sent;
    try (SftpOutputStreamAsync out =
        new SftpOutputStreamAsync(sftp, SftpChunk.of(remote), beside, handle)) {
      Attributes permissions = new Attributes();
      permissions.setPermissions(mode); // before there is anything to read
      sftp.setStat(handle, permissions);
      sent = out.transferFrom(content, size);
    }
    if (sent != size) {
      throw new IOException("it became shorter while it was read");
    }
    // Not every write that failed is told of.
    long arrived = sftp.stat(beside).getSize();
    if (arrived != size) {
      throw new SftpException(
          SftpConstants.SSH_FX_FAILURE, arrived + " of " + size + " bytes have arrived");
    }
    rename();
    unfinished.remove(beside);
  }

  private void rename() throws IOException {
    OpenSSHPosixRenameExtension replacing = sftp.getExtension(OpenSSHPosixRenameExtension.class);
    if (replacing != null && replacing.isSupported()) {
      replacing.posixRename(beside, remote);
      return;
    }
    try { // without the extension, SFTP 3 does not rename over a file
      sftp.remove(remote);
    } catch (SftpException e) {
      if (e.getStatus() != SftpConstants.SSH_FX_NO_SUCH_FILE) {
        throw e;
      }
    }
    sftp.rename(beside, remote);
  }
}
