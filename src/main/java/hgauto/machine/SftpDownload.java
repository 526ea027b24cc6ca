package hgauto.machine;

import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.sshd.sftp.client.SftpClient.Attributes;
import org.apache.sshd.sftp.client.SftpClient.CloseableHandle;
import org.apache.sshd.sftp.client.SftpClient.OpenMode;
import org.apache.sshd.sftp.client.impl.AbstractSftpClient;
import org.apache.sshd.sftp.client.impl.SftpInputStreamAsync;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One file on its way from a machine. */
final class SftpDownload {
  private static final Logger LOG = LoggerFactory.getLogger(SftpDownload.class);

  private SftpDownload() {}

  /**
   * Fetches it, whole or its first {@code atMost} bytes.
   *
   * @return how many bytes came
   */
  static long fetch(
      AbstractSftpClient sftp, String remote, WritableByteChannel content, long atMost)
      throws IOException {
    Attributes found = sftp.stat(remote);
    if (!found.isRegularFile() && !found.isDirectory()) { // to open a pipe would last for ever
      throw new IOException("what has that name there is no regular file");
    }
    return fetch(sftp, remote, content, found.getSize(), atMost);
  }

  /**
   * Fetches one that is known to be a regular file.
   *
   * @param size in bytes; if it is shorter, this fails
   */
  static void fetchKnown(
      AbstractSftpClient sftp, String remote, WritableByteChannel content, long size)
      throws IOException {
    fetch(sftp, remote, content, size, size);
  }

  private static long fetch(
      AbstractSftpClient sftp, String remote, WritableByteChannel content, long size, long atMost)
      throws IOException {
    CloseableHandle handle = sftp.open(remote, Set.of(OpenMode.Read));
    try (SftpInputStreamAsync in =
        new SftpInputStreamAsync(sftp, SftpChunk.of(remote), 0, size, remote, handle, false)) {
      long fetched = in.transferTo(atMost, content); // to the file's end, wherever that is by now
      if (fetched < Math.min(size, atMost)) {
        throw new IOException(fetched + " of " + size + " bytes have come");
      }
      return fetched;
    } finally {
      close(handle);
    }
  }

  /** All that was wanted is here; that the server has closed it need not be waited for. */
  private static void close(CloseableHandle handle) {
    CompletableFuture<Void> unused =
        CompletableFuture.runAsync(
            () -> {
              try {
                handle.close();
              } catch (IOException e) {
                LOG.debug("{} is closed with its channel", handle, e);
              }
            });
  }
}
