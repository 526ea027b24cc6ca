package hgauto.machine;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import org.apache.sshd.sftp.client.SftpClient.Attributes;
import org.apache.sshd.sftp.client.SftpClient.CloseableHandle;
import org.apache.sshd.sftp.client.SftpClient.OpenMode;
import org.apache.sshd.sftp.client.extensions.openssh.OpenSSHFsyncExtension;
import org.apache.sshd.sftp.client.impl.AbstractSftpClient;
import org.apache.sshd.sftp.client.impl.SftpOutputStreamAsync;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.common.SftpException;

/**
 * A file that is sent under its own name, so that what an earlier attempt has sent need not be sent
 * again. It is on the server's disk when it is done, where the server can say so.
 */
final class SftpUploadRest {
  private static final int PERMISSIONS = 07777;

  /** Of what is whole, which may be somebody else's. */
  private static final Set<OpenMode> READ = Set.of(OpenMode.Read);

  private static final Set<OpenMode> GO_ON = Set.of(OpenMode.Write, OpenMode.Create);
  private static final Set<OpenMode> ANEW =
      Set.of(OpenMode.Write, OpenMode.Create, OpenMode.Truncate);

  private SftpUploadRest() {}

  /**
   * Sends what a shorter file there lacks, or all of it where there is none, a longer one, or one
   * that may not be written but removed: somebody else's, who began to send the same.
   *
   * @param sent is told how many bytes of {@code content} are sent, of earlier attempts too
   */
  static void send(
      AbstractSftpClient sftp,
      String remote,
      SeekableByteChannel content,
      int mode,
      LongConsumer sent)
      throws IOException {
    Optional<Attributes> found = SftpNames.unlessMissing(() -> sftp.stat(remote));
    if (found.isPresent() && !found.get().isRegularFile()) { // to open a pipe would last for ever
      throw new IOException("what has that name there is no regular file");
    }
    try {
      send(sftp, remote, found, content, mode, sent);
    } catch (SftpException e) {
      if (found.isEmpty() || e.getStatus() != SftpConstants.SSH_FX_PERMISSION_DENIED) {
        throw e;
      }
      sftp.remove(remote);
      send(sftp, remote, Optional.empty(), content, mode, sent);
    }
  }

  private static void send(
      AbstractSftpClient sftp,
      String remote,
      Optional<Attributes> found,
      SeekableByteChannel content,
      int mode,
      LongConsumer sent)
      throws IOException {
    long size = content.size();
    long there = found.map(Attributes::getSize).orElse(0L);
    boolean whole = found.isPresent() && there == size;
    long offset = there > size ? 0 : there;
    try (CloseableHandle handle = sftp.open(remote, whole ? READ : there > size ? ANEW : GO_ON)) {
      // Another person may continue what is not theirs to change in this.
      if (found.isEmpty() || (found.get().getPermissions() & PERMISSIONS) != mode) {
        sftp.setStat(handle, new Attributes().perms(mode));
      }
      content.position(offset);
      sent.accept(offset);
      if (whole) {
        finish(sftp, handle, size);
        return;
      }
      try (SftpOutputStreamAsync out =
          new SftpOutputStreamAsync(sftp, SftpChunk.of(remote), remote, handle, false)) {
        out.setOffset(offset);
        long passed = out.transferFrom(new CountedChannel(content, offset, sent), size - offset);
        if (passed != size - offset) {
          throw new IOException("it became shorter while it was read");
        }
      }
      finish(sftp, handle, size);
    }
  }

  /** Creates it, with that content. */
  static void sendAll(AbstractSftpClient sftp, String remote, byte[] content, int mode)
      throws IOException {
    try (CloseableHandle handle =
        sftp.open(remote, Set.of(OpenMode.Write, OpenMode.Create, OpenMode.Exclusive))) {
      sftp.setStat(handle, new Attributes().perms(mode));
      sftp.write(handle, 0, content);
      finish(sftp, handle, content.length);
    }
  }

  private static void finish(AbstractSftpClient sftp, CloseableHandle handle, long size)
      throws IOException {
    OpenSSHFsyncExtension disk = sftp.getExtension(OpenSSHFsyncExtension.class);
    if (disk != null && disk.isSupported()) {
      disk.fsync(handle);
    }
    // Not every write that failed is told of.
    long arrived = sftp.stat(handle).getSize();
    if (arrived != size) {
      throw new SftpException(
          SftpConstants.SSH_FX_FAILURE, arrived + " of " + size + " bytes have arrived");
    }
  }
}
