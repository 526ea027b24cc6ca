package hgauto.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import hgauto.error.EnvironmentException;
import hgauto.error.MachineLostException;
import hgauto.machine.SshMachine.Download;
import hgauto.machine.SshMachine.Upload;
import hgauto.testbed.OpenSshServer;
import hgauto.testbed.SlowLink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Transfers to a machine far away that do not come to their end. */
class TransferFaultsTest {
  private static final SshKey KEY = SshKey.generate();

  /** Writes its number down before it is the real server. */
  private static final String STALLING = "echo $$ >> '%s'\nexec /usr/lib/openssh/sftp-server\n";

  private static final int FILES = 20;
  private static final int SIZE = 3_000_000;

  @TempDir private Path folder;
  @TempDir private Path here;
  @TempDir private Path there;
  private OpenSshServer server;
  private SlowLink link;
  private SshMachine machine;

  @BeforeEach
  void connect() throws Exception {
    // Fewer than the eight channels that so long a way is worth.
    server = OpenSshServer.start(folder, KEY.publicLine(), "MaxSessions 4");
    link = SlowLink.to(server.port(), Duration.ofMillis(50));
    machine =
        SshMachine.connect(
            new SshAddress(server.user(), "127.0.0.1", link.port()),
            new HostKeys.Pinned(List.of(server.hostKeyLine())),
            KEY,
            Duration.ofSeconds(30));
  }

  @AfterEach
  void end() {
    machine.close();
    link.close();
    server.close();
  }

  @Test
  void allGoThereAndBackOverFewerChannelsThanWanted() throws Exception {
    machine.upload(uploads());
    List<Download> downloads = new ArrayList<>();
    for (String name : names(there)) {
      downloads.add(new Download(there.resolve(name).toString(), here.resolve("back-" + name)));
    }
    machine.download(downloads);

    assertThat(downloads).hasSize(FILES);
    assertThat(downloads).allSatisfy(file -> assertThat(file.local()).hasSize(SIZE));
  }

  @Test
  void anUploadThatIsCutLeavesNoHalfFileUnderItsName() throws Exception {
    FutureTask<Void> upload = started(this::upload);
    awaitFirstFile();

    link.cut();

    assertThatThrownBy(() -> upload.get(20, TimeUnit.SECONDS))
        .cause()
        .isInstanceOf(MachineLostException.class);
    assertThat(names(there).stream().filter(name -> !name.startsWith(".hgauto-")))
        .allSatisfy(name -> assertThat(there.resolve(name)).hasSize(SIZE))
        .hasSizeLessThan(FILES);
    assertThatThrownBy(() -> machine.put(new byte[1], there.resolve("next").toString(), 0600))
        .isInstanceOf(MachineLostException.class);
  }

  @Test
  void aDownloadThatIsCutLeavesWhatWasHere() throws Exception {
    Path big = Files.write(there.resolve("big"), new byte[SIZE]);
    Path target = Files.writeString(here.resolve("target"), "old");

    link.cutAfter(SIZE / 2);

    assertThatThrownBy(() -> machine.download(List.of(new Download(big.toString(), target))))
        .isInstanceOf(MachineLostException.class)
        .hasMessageContaining("fetch " + big + " to " + target);
    assertThat(target).hasContent("old");
    assertThat(names(here)).containsExactly("target");
  }

  @Test
  void anInterruptedUploadTidiesUpAndTheConnectionServesOn() throws Exception {
    FutureTask<Void> upload = new FutureTask<>(this::upload);
    Thread thread = new Thread(upload, "upload");
    thread.start();
    awaitFirstFile();

    thread.interrupt();

    assertThatThrownBy(() -> upload.get(20, TimeUnit.SECONDS))
        .cause()
        .isInstanceOf(InterruptedException.class);
    await()
        .untilAsserted(
            () -> assertThat(names(there)).noneMatch(name -> name.startsWith(".hgauto-")));
    assertThat(names(there)).hasSizeLessThan(FILES);
    machine.put(new byte[1], there.resolve("next").toString(), 0600);
    assertThat(there.resolve("next")).hasSize(1);
  }

  @Test
  void aServerThatStallsIsGivenUpAndTheConnectionServesOn(@TempDir Path other) throws Exception {
    Path pids = other.resolve("pids");
    Path program = Files.writeString(other.resolve("sftp"), STALLING.formatted(pids));
    KeepAlive impatient = new KeepAlive(Duration.ofSeconds(7), 3, Duration.ofSeconds(2));
    try (OpenSshServer stalling =
            OpenSshServer.start(other, KEY.publicLine(), "ForceCommand sh " + program);
        SshMachine stalled =
            SshMachine.connect(
                new SshAddress(stalling.user(), "127.0.0.1", stalling.port()),
                new HostKeys.Pinned(List.of(stalling.hostKeyLine())),
                KEY,
                impatient,
                Duration.ofSeconds(30))) {
      stalled.put(new byte[1], there.resolve("first").toString(), 0600); // leaves its channel open
      String pid = Files.readString(pids).strip();
      signal("-STOP", pid);
      try {
        String file = there.resolve("file").toString();
        assertThatThrownBy(() -> stalled.put(new byte[1], file, 0600))
            .isInstanceOf(EnvironmentException.class)
            .hasMessageContaining("cannot write " + file)
            .extracting(failure -> ((EnvironmentException) failure).why())
            .isEqualTo("its SFTP server neither sent nor took anything for 2 s");
      } finally {
        signal("-KILL", pid);
      }
      stalled.put(new byte[2], there.resolve("next").toString(), 0600);
      assertThat(there.resolve("next")).hasSize(2);
    }
  }

  @Test
  void aPipeIsNotRead() throws Exception {
    Path pipe = there.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    assertThatThrownBy(() -> machine.read(pipe.toString(), 10))
        .isInstanceOf(EnvironmentException.class)
        .hasMessageContaining("cannot read " + pipe)
        .extracting(failure -> ((EnvironmentException) failure).why())
        .isEqualTo("what has that name there is no regular file");
  }

  /** Looks often: before long all files are there. */
  private void awaitFirstFile() {
    await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> !names(there).isEmpty());
  }

  private static void signal(String signal, String pid) throws IOException, InterruptedException {
    assertThat(new ProcessBuilder("kill", signal, pid).start().waitFor()).isZero();
  }

  private Void upload() throws IOException, InterruptedException {
    machine.upload(uploads());
    return null;
  }

  private List<Upload> uploads() throws IOException {
    List<Upload> uploads = new ArrayList<>();
    for (int count = 0; count < FILES; count++) {
      Path file = Files.write(here.resolve("file" + count), new byte[SIZE]);
      uploads.add(new Upload(file, there.resolve("file" + count).toString(), 0644));
    }
    return uploads;
  }

  private static FutureTask<Void> started(Callable<Void> work) {
    FutureTask<Void> task = new FutureTask<>(work);
    new Thread(task, "transfer").start();
    return task;
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
