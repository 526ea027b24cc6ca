package hgauto.machine;

import static org.assertj.core.api.Assertions.assertThat;

import hgauto.machine.SshMachine.Download;
import hgauto.machine.SshMachine.Upload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.sshd.common.file.virtualfs.VirtualFileSystemFactory;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.apache.sshd.sftp.SftpModuleProperties;
import org.apache.sshd.sftp.server.SftpSubsystem;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files to and from a server that does no more at once than that of Windows does. */
class SftpChunkTest {
  private static final SshKey KEY = SshKey.generate();
  private static final int MOST = 100 * 1024;
  private static final int SIZE = 1_000_001;

  @TempDir private Path here;
  @TempDir private Path there;
  private final Queue<Integer> reads = new ConcurrentLinkedQueue<>();
  private final Queue<Integer> writes = new ConcurrentLinkedQueue<>();
  private InProcessServer server;
  private SshMachine machine;

  @BeforeEach
  void connect() throws Exception {
    Files.createDirectory(there.resolve("C:"));
    server = InProcessServer.of(KEY);
    server.server().setFileSystemFactory(new VirtualFileSystemFactory(there));
    server.server().setSubsystemFactories(List.of(new AsOnWindows()));
    SftpModuleProperties.MAX_READDATA_PACKET_LENGTH.set(server.server(), 1 << 20);
    SftpModuleProperties.MAX_WRITEDATA_PACKET_LENGTH.set(server.server(), 1 << 20);
    server.server().start();
    machine =
        SshMachine.connect(
            new SshAddress("Administrator", "127.0.0.1", server.port()),
            server.hostKeys(),
            KEY,
            Duration.ofSeconds(30));
  }

  @AfterEach
  void end() throws IOException {
    machine.close();
    server.close();
  }

  /** Longer reads are answered short, and longer writes refused. */
  private final class AsOnWindows extends SftpSubsystemFactory {
    @Override
    public Command createSubsystem(ChannelSession channel) throws IOException {
      return new SftpSubsystem(channel, this) {
        @Override
        protected int doRead(
            int id,
            String handle,
            long offset,
            int length,
            byte[] data,
            int at,
            AtomicReference<Boolean> end)
            throws IOException {
          reads.add(length);
          return super.doRead(id, handle, offset, Math.min(length, MOST), data, at, end);
        }

        @Override
        protected void doWrite(
            int id, String handle, long offset, int length, byte[] data, int at, int remaining)
            throws IOException {
          writes.add(length);
          if (length > MOST) {
            throw new IOException("too long");
          }
          super.doWrite(id, handle, offset, length, data, at, remaining);
        }
      };
    }
  }

  private Path file() throws IOException {
    byte[] content = new byte[SIZE];
    new Random(SIZE).nextBytes(content);
    return Files.write(here.resolve("file"), content);
  }

  @Test
  void noReadIsLongerThanWindowsAnswersWhole() throws Exception {
    Path file = Files.copy(file(), there.resolve("C:/file"));

    machine.download(List.of(new Download("/C:/file", here.resolve("back"))));

    assertThat(here.resolve("back")).hasSameBinaryContentAs(file);
    assertThat(reads).contains(MOST).allMatch(length -> length <= MOST);
  }

  @Test
  void noWriteIsLongerThanWindowsTakes() throws Exception {
    Path file = file();

    machine.upload(List.of(new Upload(file, "/C:/file", 0644)));

    assertThat(there.resolve("C:/file")).hasSameBinaryContentAs(file);
    assertThat(writes).contains(MOST);
  }

  /** As many round trips as before for the servers that everybody else has. */
  @Test
  void toOthersThanWindowsLongerOnesGo() throws Exception {
    Path file = Files.copy(file(), there.resolve("file"));

    machine.download(List.of(new Download("/file", here.resolve("back"))));

    assertThat(here.resolve("back")).hasSameBinaryContentAs(file);
    assertThat(reads).contains(261_120);
  }
}
