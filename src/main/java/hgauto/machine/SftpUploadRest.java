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

  private SftpUploadRest() {}

  /**
   * Sends what a shorter file there lacks, or all of it where there is none or a longer one.
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
    long size = content.size();
    Optional<Attributes> found = SftpNames.unlessMissing(() -> sftp.stat(remote));
    if (found.isPresent() && !found.get().isRegularFile()) { // to open a pipe would last for ever
      throw new IOException("what has that name there is no regular file");
    }
    long there = found.map(Attributes::getSize).orElse(0L);
    boolean anew = there > size;
    long offset = anew ? 0 : there;
    try (CloseableHandle handle =
        sftp.open(
            remote,
            anew
                ? Set.of(OpenMode.Write, OpenMode.Create, OpenMode.Truncate)
                : Set.of(OpenMode.Write, OpenMode.Create))) {
      // Another person may continue what is not theirs to change in this.
      if (found.isEmpty() || (found.get().getPermissions() & PERMISSIONS) != mode) {
        sftp.setStat(handle, new Attributes().perms(mode));
      }
      content.position(offset);
      sent.accept(offset);
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
