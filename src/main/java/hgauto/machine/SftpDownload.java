package hgauto.machine;

import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.util.Set;
import org.apache.sshd.sftp.client.SftpClient.Attributes;
import org.apache.sshd.sftp.client.SftpClient.CloseableHandle;
import org.apache.sshd.sftp.client.SftpClient.OpenMode;
import org.apache.sshd.sftp.client.impl.AbstractSftpClient;
import org.apache.sshd.sftp.client.impl.SftpInputStreamAsync;

/** One file on its way from a machine. */
final class SftpDownload {
  private SftpDownload() {}

  /**
   * Fetches it, whole or its first {@code atMost} bytes.
   *
   * @return how many bytes came
   */
  static long fetch(
      AbstractSftpClient sftp, String remote, WritableByteChannel content, long atMost)
      throws IOException {
    return fetch(sftp, remote, 0, content, atMost);
  }

  /** The same from {@code offset} on; where that is the end or beyond, nothing comes. */
  static long fetch(
      AbstractSftpClient sftp, String remote, long offset, WritableByteChannel content, long atMost)
      throws IOException {
    Attributes found = sftp.stat(remote);
    if (!found.isRegularFile() && !found.isDirectory()) { // to open a pipe would last for ever
      throw new IOException("what has that name there is no regular file");
    }
    if (offset > 0 && found.getSize() <= offset) {
      return 0;
    }
    try (CloseableHandle handle = sftp.open(remote, Set.of(OpenMode.Read))) {
      long size = sftp.stat(handle).getSize();
      try (SftpInputStreamAsync in =
          new SftpInputStreamAsync(sftp, SftpUpload.CHUNK, offset, size, remote, handle)) {
        long fetched = in.transferTo(atMost, content); // to the file's end, wherever that is by now
        if (fetched < Math.min(size - offset, atMost)) {
          throw new IOException(fetched + " of " + (size - offset) + " bytes have come");
        }
        return fetched;
      }
    }
  }
}
