package hgauto.tryserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hgauto.error.EnvironmentException;
import hgauto.testbed.Processes;
import hgauto.testbed.Requires;
import hgauto.testbed.StandInSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A Try Server from start to end, and its jobs under another account. */
@Timeout(120)
class ServerLifeTest {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  @TempDir private Path temp;
  private final String marker = "marker-" + UUID.randomUUID();

  @Test
  void closingEndsTheRunUnderWayAndTakesBackTheOneThatWaits() throws Exception {
    ServerUnderTest it = ServerUnderTest.start(temp);
    Run finished = it.test("--finished");
    it.submit(StandInSource.lasting(marker));
    it.submit("--waiting");
    Processes.awaitStart(marker);
    it.close();
    assertThat(Processes.with(marker)).isEmpty();
    assertThat(it.workParent).isEmptyDirectory();
    assertThatThrownBy(() -> it.submit("--late")).isInstanceOf(EnvironmentException.class);

    RunStore store = new RunStore(it.folder.resolve("runs"));
    assertThat(store.list())
        .extracting(Run::status)
        .containsExactly(RunStatus.INTERRUPTED, RunStatus.INTERRUPTED, RunStatus.PASSED);
    assertThat(Files.readString(store.logFile(2))).endsWith("[hgauto] the server was stopped\n");
    assertThat(store.pageFile(2)).content().contains("the server was stopped");

    it.server = it.start(LOOPBACK, Optional.empty());
    assertThat(it.get("/runs/1.json").body()).contains("\"status\": \"passed\"");
    assertThat(RunJson.read(it.get("/runs/1.json").body())).isEqualTo(finished);
    assertThat(it.test("--next").id()).isEqualTo(4);
    it.close();
  }

  @Test
  void theTimeLimitIsNoVerdict() throws Exception {
    ServerUnderTest it = new ServerUnderTest(temp);
    it.server =
        it.start(LOOPBACK, Optional.empty(), Duration.ofSeconds(8)); // the next has to end in it
    try (it) {
      Run run = it.test(StandInSource.lasting(marker));
      assertThat(run.status()).isEqualTo(RunStatus.ERROR);
      assertThat(run.reason()).isEqualTo("it was ended at the time limit of 8.0 s");
      assertThat(Processes.with(marker)).isEmpty();
      assertThat(it.test("--next").status()).isEqualTo(RunStatus.PASSED);
    }
  }

  @Test
  void twoServersShareTheFolder() throws Exception {
    ServerUnderTest it = ServerUnderTest.start(temp);
    TryServer first = it.server;
    try (it) {
      it.submit(StandInSource.lasting(marker));
      Processes.awaitStart(marker);
      it.server = it.start(LOOPBACK, Optional.empty());
      assertThat(it.server.accessKey()).isEqualTo(first.accessKey());
      assertThat(it.test("--second").id()).isEqualTo(2);
      assertThat(it.get("/runs/1.json").body()).contains("\"status\": \"running\"");
    } finally {
      first.close();
    }
  }

  @Test
  void aTransactionThatWasCutShortIsRecovered() throws Exception {
    ServerUnderTest it = ServerUnderTest.start(temp);
    it.close();
    try (Stream<Path> clones = Files.list(it.folder.resolve("clones"))) {
      Path clone = clones.findFirst().orElseThrow();
      Files.writeString(clone.resolve(".hg/store/journal"), "");
    }
    it.server = it.start(LOOPBACK, Optional.empty());
    try (it) {
      assertThat(it.test().status()).isEqualTo(RunStatus.PASSED);
    }
  }

  @Test
  void aCheckoutWithAnOddNameCanBeTested() throws Exception {
    Path odd = Files.createDirectory(temp.resolve("ha#sh %41 'ü'"));
    ServerUnderTest it = ServerUnderTest.start(odd);
    try (it) {
      assertThat(it.test().status()).isEqualTo(RunStatus.PASSED);
    }
  }

  @Test
  void theStateIsPrivate() throws Exception {
    ServerUnderTest it = ServerUnderTest.start(temp);
    try (it) {
      it.test();
      assertThat(mode(it.folder.resolve("credentials"))).isEqualTo("rw-------");
      for (String folder : List.of("runs", "clones")) {
        assertThat(mode(it.folder.resolve(folder))).isEqualTo("rwx------");
      }
    }
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  @Test
  void anotherAccountRunsTheJobAndSeesNothingOfOurs() throws Exception {
    Requires.that("root".equals(System.getProperty("user.name")), "--job-user needs root");
    Files.setPosixFilePermissions(temp, PosixFilePermissions.fromString("rwx--x--x"));
    Path secret = Files.writeString(temp.resolve("secret"), "a secret of root's");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    ServerUnderTest it = new ServerUnderTest(temp);
    Files.setPosixFilePermissions(it.folder, PosixFilePermissions.fromString("rwx------"));
    Files.createSymbolicLink(it.source.root().resolve("link"), secret);
    it.source.commit("with a link that chown must not follow");
    it.server = it.start(LOOPBACK, Optional.of("nobody"));
    try (it) {
      String work = "os.path.dirname(os.path.dirname(report))";
      Run run =
          it.test(
              "--do=print('user', __import__('getpass').getuser(), os.geteuid(), os.getgroups())",
              "--do=print('write', os.access('.', os.W_OK), os.access(report, os.W_OK))",
              "--do=print('state', os.access('" + it.folder + "', os.R_OK | os.X_OK))",
              "--do=print('secret', os.access('../link', os.R_OK))",
              "--do=print('work', os.access(" + work + ", os.W_OK))",
              "--do=open('../../home/left', 'w'); os.chmod('../../home', 0)",
              // What the guard of a later command must not import.
              "--do=open('select.py', 'w').write('raise SystemExit(99)')");
      assertThat(run.status()).as(it.log(run)).isEqualTo(RunStatus.PASSED);
      assertThat(it.log(run))
          .containsPattern("user nobody [1-9][0-9]* \\[[^0]")
          .contains("write True True\n", "state False\n", "secret False\n", "work False\n");
      assertThat(it.workParent).isEmptyDirectory();
      assertThat(Files.getOwner(secret).getName()).isEqualTo("root");
      try (Stream<Path> files = Files.walk(it.folder.resolve("clones"))) {
        assertThat(files).allMatch(file -> ownerOf(file).equals("root"));
      }
    }
  }

  private static String ownerOf(Path file) {
    try {
      return Files.getOwner(file, LinkOption.NOFOLLOW_LINKS).getName();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
