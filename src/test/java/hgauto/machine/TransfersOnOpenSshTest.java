package hgauto.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import hgauto.error.EnvironmentException;
import hgauto.machine.SshMachine.Download;
import hgauto.machine.SshMachine.Part;
import hgauto.machine.SshMachine.Upload;
import hgauto.testbed.OpenSshServer;
import hgauto.testbed.SmallDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files to and from the server that real machines have. */
class TransfersOnOpenSshTest {
  private static final SshKey KEY = SshKey.generate();

  @TempDir private static Path folder;
  private static OpenSshServer server;
  private static SshMachine machine;

  @TempDir private Path here;
  @TempDir private Path there;

  @BeforeAll
  static void connect() throws Exception {
    server = OpenSshServer.start(folder, KEY.publicLine());
    machine = connected(server);
  }

  @AfterAll
  static void end() {
    machine.close();
    server.close();
  }

  @BeforeEach
  void theFoldersAreEmpty() {
    assertThat(here).isEmptyDirectory();
    assertThat(there).isEmptyDirectory();
  }

  @Test
  void manyFilesGoThereAndComeBackWhole() throws Exception {
    // Around what one packet, one write and one window hold.
    int[] sizes = {0, 1, 131_072, 261_119, 261_120, 261_121, 2_097_152, 9_000_001};
    List<Upload> uploads = new ArrayList<>();
    List<Download> downloads = new ArrayList<>();
    for (int size : sizes) {
      Path file = local("file ü " + size, size);
      uploads.add(new Upload(file, there.resolve(file.getFileName()).toString(), 0640));
      downloads.add(
          new Download(there.resolve(file.getFileName()).toString(), here.resolve("back" + size)));
    }

    machine.upload(uploads);
    machine.download(downloads);

    assertThat(names(there)).hasSize(sizes.length);
    assertThat(names(here)).hasSize(2 * sizes.length);
    for (int size : sizes) {
      Path sent = there.resolve("file ü " + size);
      assertThat(sent).hasSameBinaryContentAs(here.resolve("file ü " + size));
      assertThat(here.resolve("back" + size)).hasSameBinaryContentAs(sent);
      assertThat(mode(sent)).isEqualTo("rw-r-----");
    }
  }

  @Test
  void whatIsThereIsReplaced() throws Exception {
    Path target = Files.writeString(there.resolve("target"), "a longer one that was there before");
    Path link = Files.createLink(there.resolve("link"), target);

    machine.put("new".getBytes(StandardCharsets.UTF_8), target.toString(), 0755);

    assertThat(target).hasContent("new");
    assertThat(mode(target)).isEqualTo("rwxr-xr-x");
    assertThat(link).hasContent("a longer one that was there before"); // who reads it, reads on
    assertThat(names(there)).containsExactlyInAnyOrder("target", "link");
  }

  @Test
  void readsASmallFile() throws Exception {
    Files.writeString(there.resolve("file"), "content");

    assertThat(machine.read(there.resolve("file").toString(), 7))
        .contains("content".getBytes(StandardCharsets.UTF_8));
    assertThat(machine.read("/proc/self/comm", 100)).isPresent(); // its size is said to be 0
    assertThat(machine.read(there.resolve("none").toString(), 7)).isEmpty();
    assertThatThrownBy(() -> machine.read(there.resolve("file").toString(), 6))
        .isInstanceOf(EnvironmentException.class)
        .hasMessageContaining(there.resolve("file").toString());
  }

  @Test
  void readsPartsOfSeveralFilesAtOnce() throws Exception {
    String log = Files.writeString(there.resolve("log"), "0123456789").toString();
    String none = there.resolve("none").toString();

    assertThat(
            machine.read(
                List.of(
                    new Part(log, 0, 4),
                    new Part(none, 0, 100),
                    new Part(log, 4, 100),
                    new Part(log, 10, 100))))
        .extracting(content -> content.map(it -> new String(it, StandardCharsets.UTF_8)))
        .containsExactly(
            Optional.of("0123"), Optional.empty(), Optional.of("456789"), Optional.of(""));
  }

  @Test
  void partsAreAsLongAsWantedOrUpToTheEndOfTheFile() throws Exception {
    byte[] content = new byte[600_000];
    new Random(7).nextBytes(content);
    String log = Files.write(there.resolve("log"), content).toString();

    assertThat(machine.read(List.of(new Part(log, 10, 300_000), new Part(log, 500_000, 1 << 20))))
        .usingRecursiveComparison()
        .isEqualTo(
            List.of(
                Optional.of(Arrays.copyOfRange(content, 10, 300_010)),
                Optional.of(Arrays.copyOfRange(content, 500_000, 600_000))));
  }

  @Test
  void aPartThatCannotBeReadIsNamed() {
    EnvironmentException e =
        refused(() -> machine.read(List.of(new Part(there.toString(), 0, 100))));

    assertThat(e).hasMessageStartingWith("cannot read " + there);
  }

  @Test
  void oneOfAKnownSizeComesWholeOrNotAtAll() throws Exception {
    Path file = Files.writeString(there.resolve("file"), "content");
    Path target = here.resolve("target");

    machine.download(List.of(new Download(file.toString(), target, OptionalLong.of(7))));
    assertThat(target).hasContent("content");

    Files.writeString(file, "less");
    EnvironmentException e =
        refused(
            () ->
                machine.download(
                    List.of(new Download(file.toString(), target, OptionalLong.of(7)))));
    assertThat(e.why()).contains("4 of 7 bytes have come");
    assertThat(target).hasContent("content");
  }

  @Test
  void makesAFolderThatIsNotThereYet() throws Exception {
    String folder = there.resolve("folder").toString();

    machine.makeFolder(folder);

    assertThat(there.resolve("folder")).isEmptyDirectory();
    assertThat(refused(() -> machine.makeFolder(folder)))
        .hasMessageStartingWith("cannot make folder " + folder);
  }

  @Test
  void aFileThatIsMissingHereIsNamed() {
    Path none = here.resolve("none");

    EnvironmentException e = refused(() -> machine.upload(List.of(upload(none))));

    assertThat(e).hasMessage("cannot read " + none);
    assertThat(e.why()).contains("no such file");
    assertThat(there).isEmptyDirectory();
  }

  @Test
  void aFileThatIsMissingThereIsNamedAndWhatIsHereStays() throws Exception {
    Path target = Files.writeString(here.resolve("target"), "mine");
    String none = there.resolve("none").toString();

    EnvironmentException e = refused(() -> machine.download(List.of(new Download(none, target))));

    assertThat(e).hasMessageContaining(none).hasMessageContaining(machine.address().toString());
    assertThat(e.why()).isEqualTo("there is no such file or folder there");
    assertThat(target).hasContent("mine");
    assertThat(names(here)).containsExactly("target");
  }

  @Test
  void aFolderThatIsMissingHereIsNamed() throws Exception {
    Path file = Files.writeString(there.resolve("file"), "content");
    Path target = here.resolve("none/target");

    EnvironmentException e =
        refused(() -> machine.download(List.of(new Download(file.toString(), target))));

    assertThat(e).hasMessage("cannot write " + target);
    assertThat(e.why()).contains("no such file or folder");
  }

  @Test
  void aFolderInTheWayStays() throws Exception {
    Path target = Files.createDirectory(there.resolve("target"));

    EnvironmentException e = refused(() -> machine.put(new byte[1], target.toString(), 0600));

    assertThat(e).hasMessageContaining("cannot write " + target);
    assertThat(e.why()).isEqualTo("there is a folder of that name there");
    assertThat(names(there)).containsExactly("target");
  }

  @Test
  void saysThatItIsNotPermitted() {
    // Not even root makes files there.
    EnvironmentException e = refused(() -> machine.put(new byte[1], "/sys/kernel/file", 0600));

    assertThat(e.why()).containsAnyOf("permission denied there", "mounted read-only");
  }

  @Test
  void saysThatTheDiskThereIsReadOnly() throws Exception {
    try (SmallDisk disk = SmallDisk.mount(there.resolve("disk"), "ro")) {
      EnvironmentException e =
          refused(() -> machine.put(new byte[1], disk.path().resolve("file").toString(), 0600));

      assertThat(e.why()).contains("the disk is mounted read-only");
    }
  }

  @Test
  void aFullDiskThereIsToldAndTheOldFileStays() throws Exception {
    Path big = local("big", 3_000_000);
    try (SmallDisk disk = SmallDisk.mount(there.resolve("disk"), "size=1m")) {
      Path target = Files.writeString(disk.path().resolve("target"), "old");

      EnvironmentException e =
          refused(() -> machine.upload(List.of(new Upload(big, target.toString(), 0600))));

      assertThat(e).hasMessageContaining(big.toString()).hasMessageContaining(target.toString());
      assertThat(e.why()).contains("0 KiB are free");
      assertThat(target).hasContent("old");
      assertThat(names(disk.path())).containsExactly("target");
    }
  }

  @Test
  void aFullDiskHereIsToldAndTheOldFileStays() throws Exception {
    Path big = Files.write(there.resolve("big"), new byte[3_000_000]);
    try (SmallDisk disk = SmallDisk.mount(here.resolve("disk"), "size=1m")) {
      Path target = Files.writeString(disk.path().resolve("target"), "old");

      EnvironmentException e =
          refused(() -> machine.download(List.of(new Download(big.toString(), target))));

      assertThat(e).hasMessage("cannot write " + target); // and not the machine's disk
      assertThat(e.why()).contains("No space left");
      assertThat(target).hasContent("old");
      assertThat(names(disk.path())).containsExactly("target");
    }
  }

  @Test
  void oneThatFailsEndsTheCallAndTheConnectionServesOn() throws Exception {
    List<Upload> uploads = new ArrayList<>();
    for (int count = 0; count < 20; count++) {
      uploads.add(upload(count == 10 ? here.resolve("none") : local("file" + count, 1000)));
    }

    assertThat(refused(() -> machine.upload(uploads))).hasMessageContaining("none");

    assertThat(names(there)).allMatch(name -> name.startsWith("file"));
    machine.put(new byte[] {1}, there.resolve("after").toString(), 0600);
    assertThat(there.resolve("after")).hasBinaryContent(new byte[] {1});
  }

  @Test
  void aServerWithFewSessionsServesManyTransfers(@TempDir Path other) throws Exception {
    try (OpenSshServer few = OpenSshServer.start(other, KEY.publicLine(), "MaxSessions 1");
        SshMachine narrow = connected(few)) {
      for (int round = 0; round < 3; round++) {
        List<Upload> uploads = new ArrayList<>();
        for (int count = 0; count < 10; count++) {
          uploads.add(upload(local("file" + count, 100_000 + round)));
        }
        narrow.upload(uploads);
        assertThat(there.resolve("file9")).hasSize(100_000 + round);
      }
    }
  }

  @Test
  void aServerWithoutSftpIsToldApart(@TempDir Path other) throws Exception {
    try (OpenSshServer without =
            OpenSshServer.start(other, KEY.publicLine(), "ForceCommand /bin/false");
        SshMachine bare = connected(without)) {
      EnvironmentException e =
          refused(() -> bare.put(new byte[1], there.resolve("file").toString(), 0600));

      assertThat(e.why()).startsWith("its SSH server does not do SFTP");
    }
  }

  private static SshMachine connected(OpenSshServer server) throws Exception {
    return SshMachine.connect(
        new SshAddress(server.user(), "127.0.0.1", server.port()),
        new HostKeys.Pinned(List.of(server.hostKeyLine())),
        KEY,
        Duration.ofSeconds(30));
  }

  private static EnvironmentException refused(ThrowingCallable call) {
    return catchThrowableOfType(EnvironmentException.class, call);
  }

  private Path local(String name, int size) throws IOException {
    byte[] content = new byte[size];
    new Random(size).nextBytes(content);
    return Files.write(here.resolve(name), content);
  }

  private Upload upload(Path file) {
    return new Upload(file, there.resolve(file.getFileName()).toString(), 0644);
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }
}
