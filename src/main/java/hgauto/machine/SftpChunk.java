package hgauto.machine;

/** How much of a file goes in one packet of SFTP. */
final class SftpChunk {
  /** As OpenSSH's {@code limits@openssh.com} says; a longer write is refused. */
  private static final int USUAL = 261_120;

  /**
   * What the server of Windows reads and writes at once at most ({@code READ_BUFFER_SIZE} in its
   * fileio.c). It answers a longer read short, which costs further round trips, and may say of a
   * longer write that it has failed; but its limits say nothing of that.
   */
  private static final int OF_WINDOWS = 100 * 1024;

  private SftpChunk() {}

  /**
   * In bytes.
   *
   * @param remote the file's path; one that begins with a drive, as in {@code /C:/}, is Windows'
   */
  static int of(String remote) {
    return remote.matches("(?s)/[A-Za-z]:/.*") ? OF_WINDOWS : USUAL;
  }
}
