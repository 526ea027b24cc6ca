package hgauto.machine;

import hgauto.error.EnvironmentException;
import hgauto.machine.SftpTransfers.Transfer;
import hgauto.machine.SshMachine.Download;
import hgauto.machine.SshMachine.Part;
import hgauto.machine.SshMachine.Upload;
import hgauto.state.Reason;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.common.SftpException;

/**
 * Sends and fetches files over one connection, several at a time. A file stands under its name when
 * it is whole, and not before. Safe for use by several threads.
 */
final class SftpFiles {
  private final SftpTransfers transfers;

  SftpFiles(SftpTransfers transfers) {
    this.transfers = transfers;
  }

  /** See {@link SshMachine#upload}. */
  void upload(List<Upload> files) throws InterruptedException {
    transfers.run(files.stream().map(this::upload).toList());
  }

  private Transfer upload(Upload file) {
    return new Transfer(
        "send " + file.local() + " to " + file.remote(),
        file.remote(),
        (sftp, unfinished) -> {
          try (FileChannel content = open(file.local())) {
            new SftpUpload(sftp, file.remote())
                .send(content, content.size(), file.mode(), unfinished);
          }
        });
  }

  /** See {@link SshMachine#uploadRest}. */
  void uploadRest(List<Upload> files, TransferProgress progress) throws InterruptedException {
    transfers.run(
        files.stream()
            .sorted(Comparator.comparingLong(file -> -size(file.local())))
            .map(file -> uploadRest(file, progress))
            .toList());
  }

  private static Transfer uploadRest(Upload file, TransferProgress progress) {
    return new Transfer(
        "send " + file.local() + " to " + file.remote(),
        file.remote(),
        (sftp, unfinished) -> {
          try (FileChannel content = open(file.local())) {
            long size = content.size();
            SftpUploadRest.send(
                sftp,
                file.remote(),
                content,
                file.mode(),
                bytes -> progress.sent(file.remote(), bytes, size));
          }
        });
  }

  private static long size(Path local) {
    try {
      return Files.size(local);
    } catch (IOException e) {
      throw unreadable(local, e);
    }
  }

  private static FileChannel open(Path local) {
    try {
      return FileChannel.open(local, StandardOpenOption.READ);
    } catch (IOException e) {
      throw unreadable(local, e);
    }
  }

  private static EnvironmentException unreadable(Path local, IOException e) {
    return new EnvironmentException("cannot read " + local, Reason.of(e), "", e);
  }

  /** See {@link SshMachine#put}. */
  void put(byte[] content, String remote, int mode) throws InterruptedException {
    transfers.run(
        List.of(
            new Transfer(
                "write " + remote,
                remote,
                (sftp, unfinished) ->
                    new SftpUpload(sftp, remote)
                        .send(
                            Channels.newChannel(new ByteArrayInputStream(content)),
                            content.length,
                            mode,
                            unfinished))));
  }

  /** See {@link SshMachine#download}. */
  void download(List<Download> files) throws InterruptedException {
    transfers.run(files.stream().map(this::download).toList());
  }

  private Transfer download(Download file) {
    Path local = file.local().toAbsolutePath();
    Path beside = local.resolveSibling(".hgauto-" + UUID.randomUUID());
    return new Transfer(
        "fetch " + file.remote() + " to " + file.local(),
        file.remote(),
        (sftp, unfinished) -> {
          try {
            try (FileChannel content = create(beside, local)) {
              LocalFile here = new LocalFile(content, local);
              if (file.size().isPresent()) {
                SftpDownload.fetchKnown(sftp, file.remote(), here, file.size().getAsLong());
              } else {
                SftpDownload.fetch(sftp, file.remote(), here, Long.MAX_VALUE);
              }
            }
            move(beside, local);
          } finally {
            Files.deleteIfExists(beside);
          }
        });
  }

  /** So that a disk that is full here is not taken for one there. */
  private record LocalFile(FileChannel content, Path name) implements WritableByteChannel {
    @Override
    public int write(ByteBuffer bytes) {
      try {
        return content.write(bytes);
      } catch (IOException e) {
        throw unwritable(name, e);
      }
    }

    @Override
    public boolean isOpen() {
      return content.isOpen();
    }

    @Override
    public void close() throws IOException {
      content.close();
    }
  }

  private static FileChannel create(Path beside, Path local) {
    try {
      return FileChannel.open(beside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw unwritable(local, e);
    }
  }

  private static void move(Path beside, Path local) {
    try {
      Files.move(
          beside, local, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw unwritable(local, e);
    }
  }

  private static EnvironmentException unwritable(Path local, IOException e) {
    return new EnvironmentException(
        "cannot write " + local,
        Reason.of(e),
        "Free some space or mend its permissions, and run the command again.",
        e);
  }

  /** See {@link SshMachine#read(String, int)}. */
  Optional<byte[]> read(String remote, int atMostBytes) throws InterruptedException {
    Optional<byte[]> content = beginning(remote, atMostBytes + 1L);
    if (content.isPresent() && content.get().length > atMostBytes) {
      throw new EnvironmentException(
          "cannot read " + remote,
          "it is longer than " + atMostBytes + " bytes",
          "Look what it is: something else seems to have its name.");
    }
    return content;
  }

  /** See {@link SshMachine#read(List)}. */
  List<Optional<byte[]>> read(List<Part> parts) throws InterruptedException {
    AtomicReference<List<Optional<byte[]>>> found = new AtomicReference<>();
    String names = parts.stream().map(Part::remote).collect(Collectors.joining(", "));
    transfers.run(
        List.of(
            new Transfer(
                "read " + names,
                names,
                (sftp, unfinished) -> found.set(new SftpParts(sftp).read(parts)))));
    return found.get();
  }

  private Optional<byte[]> beginning(String remote, long atMost) throws InterruptedException {
    AtomicReference<byte[]> found = new AtomicReference<>();
    transfers.run(
        List.of(
            new Transfer(
                "read " + remote,
                remote,
                (sftp, unfinished) -> {
                  ByteArrayOutputStream content = new ByteArrayOutputStream();
                  try {
                    SftpDownload.fetch(sftp, remote, Channels.newChannel(content), atMost);
                    found.set(content.toByteArray());
                  } catch (SftpException e) {
                    if (e.getStatus() != SftpConstants.SSH_FX_NO_SUCH_FILE) {
                      throw e;
                    }
                  }
                })));
    return Optional.ofNullable(found.get());
  }

  /** See {@link SshMachine#makeFolder}. */
  void makeFolder(String remote) throws InterruptedException {
    transfers.run(
        List.of(
            new Transfer(
                "make folder " + remote, remote, (sftp, unfinished) -> sftp.mkdir(remote))));
  }
}
