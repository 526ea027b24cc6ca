package hgauto.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hgauto.error.MachineLostException;
import hgauto.machine.SshMachine.Upload;
import hgauto.testbed.OpenSshServer;
import hgauto.testbed.SlowLink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Uploads over a connection that is cut, and over the next one. */
class ResumedUploadTest {
  private static final SshKey KEY = SshKey.generate();

  /** Several writes a file, and more files than channels. */
  private static final int SIZE = 1_200_000;

  private static final int FILES = 5;
  private static final long ALL = (long) SIZE * FILES;

  @TempDir private Path folder;
  @TempDir private Path here;
  @TempDir private Path there;
  private OpenSshServer server;
  private SlowLink link;
  private List<Upload> uploads;

  @BeforeEach
  void start() throws Exception {
    server = OpenSshServer.start(folder, KEY.publicLine());
    link = SlowLink.to(server.port(), Duration.ZERO);
    uploads = new ArrayList<>();
    for (int count = 0; count < FILES; count++) {
      byte[] content = new byte[SIZE];
      new Random(count).nextBytes(content);
      Path file = Files.write(here.resolve("file" + count), content);
      uploads.add(new Upload(file, there.resolve("file" + count).toString(), 0644));
    }
  }

  @AfterEach
  void end() {
    link.close();
    server.close();
  }

  @Test
  void cutAtEveryTwentiethOfTheWayItGoesOnWhereItWas() throws Exception {
    for (int percent = 5; percent < 100; percent += 5) {
      Map<String, Long> sent = new ConcurrentHashMap<>();
      long cutAt = ALL * percent / 100;
      try (SshMachine machine = connected()) {
        assertThatThrownBy(
                () ->
                    machine.uploadRest(
                        uploads,
                        (remote, bytes, of) -> {
                          sent.put(remote, bytes);
                          if (sent.values().stream().mapToLong(it -> it).sum() >= cutAt) {
                            link.cut();
                          }
                        }))
            .as("cut at %d %%", percent)
            .isInstanceOf(MachineLostException.class);
      }
      server.close(); // with whatever still writes there
      server.restart();
      for (Upload upload : uploads) {
        isABeginning(upload);
      }
      long arrived = arrived();

      Map<String, Long> begun = new ConcurrentHashMap<>();
      try (SshMachine machine = connected()) {
        machine.uploadRest(uploads, (remote, bytes, of) -> begun.putIfAbsent(remote, bytes));
      }

      assertThat(begun.values().stream().mapToLong(it -> it).sum()).isEqualTo(arrived);
      for (Upload upload : uploads) {
        assertThat(Path.of(upload.remote())).hasSameBinaryContentAs(upload.local());
        Files.delete(Path.of(upload.remote()));
      }
      assertThat(there).isEmptyDirectory();
    }
  }

  private static void isABeginning(Upload upload) throws IOException {
    Path file = Path.of(upload.remote());
    if (Files.exists(file)) {
      byte[] part = Files.readAllBytes(file);
      byte[] whole = Files.readAllBytes(upload.local());
      assertThat(Arrays.mismatch(part, whole)).isIn(-1, part.length);
    }
  }

  private long arrived() throws IOException {
    try (Stream<Path> files = Files.list(there)) {
      return files.mapToLong(file -> file.toFile().length()).sum();
    }
  }

  private SshMachine connected() throws Exception {
    return SshMachine.connect(
        new SshAddress(server.user(), "127.0.0.1", link.port()),
        new HostKeys.Pinned(List.of(server.hostKeyLine())),
        KEY,
        Duration.ofSeconds(30));
  }
}
