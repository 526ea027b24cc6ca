package hgauto.suite;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** Pieces of a file, to be shown together; however long they are, it takes little memory. */
final class Excerpt {
  private static final int BUFFER_BYTES = 1 << 16;

  private record Piece(long from, long to) {}

  private final Path file;
  private final List<Piece> pieces = new ArrayList<>();

  Excerpt(Path file) {
    this.file = file;
  }

  boolean isEmpty() {
    return pieces.isEmpty();
  }

  /** Adds the bytes from one offset up to the other, which come after all that were added. */
  void add(long from, long to) {
    int last = pieces.size() - 1;
    if (last >= 0 && pieces.get(last).to == from) {
      pieces.set(last, new Piece(pieces.get(last).from, to));
    } else {
      pieces.add(new Piece(from, to));
    }
  }

  /** Adds what another has of the same file. */
  void add(Excerpt other) {
    other.pieces.forEach(piece -> add(piece.from, piece.to));
  }

  /** Takes away the last bytes, from that offset on. */
  void cut(long from) {
    pieces.removeIf(piece -> piece.from >= from);
    int last = pieces.size() - 1;
    if (last >= 0 && pieces.get(last).to > from) {
      pieces.set(last, new Piece(pieces.get(last).from, from));
    }
  }

  /** Writes them, and ends the last line if it has no end. */
  void copyTo(OutputStream output) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
      WritableByteChannel out = Channels.newChannel(output);
      byte last = '\n';
      for (Piece piece : pieces) {
        for (long at = piece.from; at < piece.to; ) {
          buffer.clear().limit((int) Math.min(BUFFER_BYTES, piece.to - at));
          int count = channel.read(buffer, at);
          if (count < 0) {
            throw new IOException(file + " has become shorter");
          }
          at += count;
          last = buffer.get(count - 1);
          out.write(buffer.flip());
        }
      }
      if (last != '\n') {
        output.write('\n');
      }
    }
  }
}
