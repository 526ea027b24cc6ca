package hgauto.machine;

import hgauto.machine.SshMachine.Part;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.sftp.client.impl.AbstractSftpClient;
import org.apache.sshd.sftp.client.impl.SftpResponse;
import org.apache.sshd.sftp.client.impl.SftpStatus;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.common.SftpException;

/**
 * Parts of several files on their way from a machine. All of them are opened, and then read and
 * closed, without waiting for each answer; MINA's own methods wait. In the form of SFTP 3.
 */
final class SftpParts {
  /** What every server gives in one answer, in bytes; a shorter one is the file's end. */
  private static final int PIECE = 1 << 15;

  private final AbstractSftpClient sftp;

  SftpParts(AbstractSftpClient sftp) {
    this.sftp = sftp;
  }

  /** A file that is open, and the requests under way for it. */
  private record Reading(List<Integer> pieces, int close) {}

  /** See {@link SshMachine#read(List)}. */
  List<Optional<byte[]>> read(List<Part> parts) throws IOException {
    List<Integer> opening = new ArrayList<>();
    for (Part part : parts) {
      opening.add(open(part));
    }
    List<Optional<Reading>> readings = new ArrayList<>();
    for (int number = 0; number < parts.size(); number++) {
      Optional<byte[]> handle = handle(opening.get(number));
      readings.add(
          handle.isPresent()
              ? Optional.of(reading(handle.get(), parts.get(number)))
              : Optional.empty());
    }
    List<Optional<byte[]>> contents = new ArrayList<>();
    for (Optional<Reading> reading : readings) {
      contents.add(reading.isPresent() ? Optional.of(content(reading.get())) : Optional.empty());
    }
    return contents;
  }

  private int open(Part part) throws IOException {
    Buffer request = new ByteArrayBuffer(part.remote().length() + Long.SIZE, false);
    request.putString(part.remote());
    request.putUInt(SftpConstants.SSH_FXF_READ);
    request.putUInt(0); // no attributes
    return sftp.send(SftpConstants.SSH_FXP_OPEN, request);
  }

  /** Of the file, or empty if there is none. */
  private Optional<byte[]> handle(int request) throws IOException {
    SftpResponse answer = answer(SftpConstants.SSH_FXP_OPEN, request);
    if (answer.getType() == SftpConstants.SSH_FXP_HANDLE) {
      return Optional.of(answer.getBuffer().getBytes());
    }
    SftpStatus status = SftpStatus.parse(answer);
    if (status.getStatusCode() == SftpConstants.SSH_FX_NO_SUCH_FILE) {
      return Optional.empty();
    }
    throw new SftpException(status.getStatusCode(), status.getMessage());
  }

  private Reading reading(byte[] handle, Part part) throws IOException {
    List<Integer> pieces = new ArrayList<>();
    for (int begin = 0; begin < part.atMost(); begin += PIECE) {
      Buffer read = new ByteArrayBuffer(handle.length + Long.SIZE, false);
      read.putBytes(handle);
      read.putLong(part.offset() + begin);
      read.putUInt(Math.min(PIECE, part.atMost() - begin));
      pieces.add(sftp.send(SftpConstants.SSH_FXP_READ, read));
    }
    Buffer close = new ByteArrayBuffer(handle.length + Long.SIZE, false);
    close.putBytes(handle);
    return new Reading(pieces, sftp.send(SftpConstants.SSH_FXP_CLOSE, close));
  }

  private byte[] content(Reading reading) throws IOException {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    boolean ended = false;
    for (int request : reading.pieces()) {
      byte[] piece = piece(request);
      if (!ended) { // what was written meanwhile is for another time
        content.write(piece);
      }
      ended |= piece.length < PIECE;
    }
    answer(SftpConstants.SSH_FXP_CLOSE, reading.close());
    return content.toByteArray();
  }

  private byte[] piece(int request) throws IOException {
    SftpResponse answer = answer(SftpConstants.SSH_FXP_READ, request);
    if (answer.getType() == SftpConstants.SSH_FXP_DATA) {
      return answer.getBuffer().getBytes();
    }
    SftpStatus status = SftpStatus.parse(answer);
    if (status.getStatusCode() == SftpConstants.SSH_FX_EOF) {
      return new byte[0];
    }
    throw new SftpException(status.getStatusCode(), status.getMessage());
  }

  private SftpResponse answer(int command, int request) throws IOException {
    return SftpResponse.parse(command, sftp.receive(request));
  }
}
