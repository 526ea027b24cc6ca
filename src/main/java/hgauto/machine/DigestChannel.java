package hgauto.machine;

import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.LongConsumer;

/** Takes the SHA-256 of what is written to it, keeps nothing else, and tells how much it was. */
final class DigestChannel implements WritableByteChannel {
  private final MessageDigest digest;
  private final LongConsumer count;
  private long bytes;

  DigestChannel(LongConsumer count) {
    this.count = count;
    try {
      this.digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  @Override
  public int write(ByteBuffer content) {
    int length = content.remaining();
    digest.update(content);
    bytes += length;
    count.accept(bytes);
    return length;
  }

  /** The hash of all that has come, in hexadecimal; to be asked for once. */
  String sha256() {
    return HexFormat.of().formatHex(digest.digest());
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public void close() {
    // there is nothing to close
  }
}
