package hgauto.release;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The headers of a program for Windows, which tell where in the file its sections and its signature
 * are ("PE Format", learn.microsoft.com/windows/win32/debug/pe-format). What Inno Setup appends to
 * its installers is not in them.
 */
final class ExeHeaders {
  /** More than the headers of any installer take. */
  private static final int READ = 1 << 16;

  private static final short MZ = 0x5a4d;
  private static final int WHERE_PE_IS = 0x3c;
  private static final int PE = 0x4550;

  private static final int COFF_HEADER = 24;
  private static final int SECTION_COUNT = 6;
  private static final int OPTIONAL_HEADER_SIZE = 20;
  private static final short PE32_PLUS = 0x20b;

  /** In the optional header: directory 4 of those that begin at 96, or of 64 bits at 112. */
  private static final int SIGNATURE = 96 + 4 * 8;

  private static final int SIGNATURE_OF_64_BITS = 112 + 4 * 8;

  private static final int SECTION = 40;
  private static final int SECTION_SIZE = 16;
  private static final int SECTION_START = 20;

  private final ByteBuffer head;
  private final long size;

  private ExeHeaders(ByteBuffer head, long size) {
    this.head = head;
    this.size = size;
  }

  /**
   * Reads them.
   *
   * @throws IOException if it is no such program, or ends before the end of what they name
   */
  static void check(Path exe) throws IOException {
    try (InputStream in = Files.newInputStream(exe)) {
      ByteBuffer head = ByteBuffer.wrap(in.readNBytes(READ)).order(ByteOrder.LITTLE_ENDIAN);
      new ExeHeaders(head, Files.size(exe)).check();
    } catch (IndexOutOfBoundsException e) {
      throw new IOException("it is cut off within its headers, or damaged", e);
    }
  }

  private void check() throws IOException {
    if (head.limit() < WHERE_PE_IS || head.getShort(0) != MZ) {
      throw noProgram();
    }
    int pe = head.getInt(WHERE_PE_IS);
    if (head.getInt(pe) != PE) {
      throw noProgram();
    }
    int optional = pe + COFF_HEADER;
    int signature =
        optional + (head.getShort(optional) == PE32_PLUS ? SIGNATURE_OF_64_BITS : SIGNATURE);
    expect("signature", head.getInt(signature), head.getInt(signature + Integer.BYTES));
    int sections = optional + head.getShort(pe + OPTIONAL_HEADER_SIZE);
    int count = head.getShort(pe + SECTION_COUNT);
    for (int i = 0; i < count; i++) {
      int section = sections + i * SECTION;
      expect(
          "section " + (i + 1),
          head.getInt(section + SECTION_START),
          head.getInt(section + SECTION_SIZE));
    }
  }

  private void expect(String part, int start, int length) throws IOException {
    long end = Integer.toUnsignedLong(start) + Integer.toUnsignedLong(length);
    if (end > size) {
      throw new IOException(
          "it is cut off: its " + part + " ends at byte " + end + ", the file at " + size);
    }
  }

  private static IOException noProgram() {
    return new IOException("it is no program for Windows");
  }
}
