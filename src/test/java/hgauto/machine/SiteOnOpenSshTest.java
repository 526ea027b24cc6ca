package hgauto.machine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import hgauto.error.EnvironmentException;
import hgauto.error.HgautoException;
import hgauto.machine.SshMachine.Upload;
import hgauto.testbed.OpenSshServer;
import hgauto.testbed.SmallDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What publishing does on a machine: to an account that has SFTP only, in a root folder of its own;
 * to one that has a shell; and to one whose server cannot replace a file.
 */
class SiteOnOpenSshTest {
  private static final SshKey KEY = SshKey.generate();
  private static final TransferProgress NOBODY = (remote, bytes, of) -> {};
  private static final String SITE = "/site/";

  @TempDir private static Path folder;
  private static OpenSshServer server;
  private static SshMachine machine;
  private static Path site;

  @TempDir private Path here;

  @BeforeAll
  static void connect() throws Exception {
    server = OpenSshServer.startSftpOnly(folder, KEY.publicLine());
    machine = connected(server);
    site = server.jail().resolve("site");
  }

  @AfterAll
  static void end() throws IOException {
    machine.close();
    server.close();
    server.removeJail();
  }

  @AfterEach
  void theSiteIsEmptyAgain() throws IOException {
    try (Stream<Path> files = Files.list(site)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
  }

  @Test
  void tellsWhatIsThere() throws Exception {
    Files.write(site.resolve("file"), new byte[1234]);
    Files.createSymbolicLink(site.resolve("link"), Path.of("file"));
    Files.createSymbolicLink(site.resolve("dangling"), Path.of("nothing"));
    Files.createDirectory(site.resolve("folder"));

    assertThat(machine.stat(SITE + "file")).contains(new RemoteStat(1234, true, false, 0));
    assertThat(machine.stat(SITE + "link")).contains(new RemoteStat(1234, true, false, 0));
    assertThat(machine.stat(SITE + "dangling"))
        .hasValueSatisfying(it -> assertThat(it.regular()).isFalse());
    assertThat(machine.stat(SITE + "folder"))
        .hasValueSatisfying(it -> assertThat(it.regular()).isFalse());
    Files.setAttribute(site, "unix:mode", 01755);
    assertThat(machine.stat(SITE))
        .contains(new RemoteStat(Files.size(site), false, true, owner(site)));
    Files.setAttribute(site, "unix:mode", 0755);
    assertThat(machine.stat(SITE + "none")).isEmpty();
    assertThat(machine.stat(SITE + "none/none")).isEmpty();
    assertThat(machine.list("/site")).containsOnlyKeys("dangling", "file", "folder", "link");
    assertThat(machine.list("/site").values().stream().map(RemoteStat::regular))
        .as("which of them are files")
        .containsExactly(false, true, false, true);
    assertThat(machine.list("/site/folder")).isEmpty();
  }

  @Test
  void aFolderThatIsNotThereIsNotListed() {
    EnvironmentException e =
        catchThrowableOfType(EnvironmentException.class, () -> machine.list("/none"));

    assertThat(e).hasMessageContaining("cannot list /none").hasMessageContaining("127.0.0.1");
    assertThat(e.why()).isEqualTo("there is no such file or folder there");
  }

  @Test
  void listsMoreThanOneAnswerHolds() throws Exception {
    for (int count = 0; count < 1000; count++) {
      Files.createFile(site.resolve("mercurial-" + count + ".whl"));
    }

    assertThat(machine.list("/site")).hasSize(1000);
  }

  @Test
  void createsAFileOnce() throws Exception {
    machine.create(SITE + "lock", "mine".getBytes(UTF_8), 0640);

    FileThereException e =
        catchThrowableOfType(
            FileThereException.class,
            () -> machine.create(SITE + "lock", "yours".getBytes(UTF_8), 0640));

    assertThat(e).hasMessageStartingWith("cannot create /site/lock (ssh://");
    assertThat(e.why()).isEqualTo("/site/lock is there already");
    assertThat(site.resolve("lock")).hasContent("mine");
    assertThat(mode("lock")).isEqualTo("rw-r-----");
    assertThat(machine.list("/site")).containsOnlyKeys("lock");
  }

  @Test
  void ofManyWhoCreateAFileAtOnceOneDoes() throws Exception {
    AtomicInteger created = new AtomicInteger();
    ConcurrentLinkedQueue<Throwable> others = new ConcurrentLinkedQueue<>();
    CountDownLatch ready = new CountDownLatch(6);
    List<Thread> threads = new ArrayList<>();
    for (int count = 0; count < 6; count++) {
      byte[] content = ("number " + count).getBytes(UTF_8);
      Thread thread =
          new Thread(
              () -> {
                try {
                  ready.countDown();
                  ready.await();
                  machine.create(SITE + "lock", content, 0644);
                  created.incrementAndGet();
                } catch (HgautoException | InterruptedException e) {
                  others.add(e);
                }
              });
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(created).hasValue(1);
    assertThat(others).hasSize(5).hasOnlyElementsOfType(FileThereException.class);
    assertThat(site.resolve("lock")).content().startsWith("number ");
    assertThat(machine.list("/site")).containsOnlyKeys("lock");
  }

  @Test
  void renamesUnlessSomethingHasTheNewName() throws Exception {
    Files.writeString(site.resolve("part"), "new");
    Files.writeString(site.resolve("old"), "old");
    Files.createSymbolicLink(site.resolve("dangling"), Path.of("nothing"));

    for (String there : List.of("old", "dangling")) {
      assertThatThrownBy(() -> machine.rename(SITE + "part", SITE + there))
          .isInstanceOf(FileThereException.class)
          .hasMessageContaining("cannot rename /site/part to /site/" + there);
    }
    assertThat(site.resolve("old")).hasContent("old");
    machine.rename(SITE + "part", SITE + "whole");
    assertThat(site.resolve("whole")).hasContent("new");
    assertThat(machine.list("/site")).containsOnlyKeys("dangling", "old", "whole");
    assertThatThrownBy(() -> machine.rename(SITE + "part", SITE + "other"))
        .isInstanceOf(EnvironmentException.class)
        .isNotInstanceOf(FileThereException.class);
  }

  @Test
  void replacesAFileAtOnce() throws Exception {
    Path old = Files.writeString(site.resolve("latest.dat"), "old");
    Files.createLink(site.resolve("reader"), old);
    Files.writeString(site.resolve("next"), "new");

    assertThat(machine.canReplace()).isTrue();
    machine.replace(SITE + "next", SITE + "latest.dat");

    assertThat(old).hasContent("new");
    assertThat(site.resolve("reader")).hasContent("old"); // whoever reads it, reads on
    assertThat(machine.list("/site")).containsOnlyKeys("latest.dat", "reader");
  }

  @Test
  void aServerThatCannotReplaceSaysSoBefore(@TempDir Path other) throws Exception {
    OpenSshServer without =
        OpenSshServer.startSftpOnly(
            other, KEY.publicLine(), "ForceCommand internal-sftp -P posix-rename");
    try (without;
        SshMachine plain = connected(without)) {
      plain.create(SITE + "latest.dat", new byte[] {1}, 0644);
      plain.create(SITE + "next", new byte[] {2}, 0644);

      assertThat(plain.canReplace()).isFalse();
      EnvironmentException e =
          catchThrowableOfType(
              EnvironmentException.class, () -> plain.replace(SITE + "next", SITE + "latest.dat"));

      assertThat(e).hasMessageStartingWith("cannot replace /site/latest.dat by /site/next");
      assertThat(e.why()).contains("posix-rename@openssh.com");
      assertThat(without.jail().resolve("site/latest.dat")).hasBinaryContent(new byte[] {1});
      assertThatThrownBy(() -> plain.rename(SITE + "next", SITE + "latest.dat"))
          .isInstanceOf(FileThereException.class);
    } finally {
      without.removeJail();
    }
  }

  @Test
  void removesAFileOrFindsItGone() throws Exception {
    Files.createFile(site.resolve("lock"));

    machine.remove(SITE + "lock");
    machine.remove(SITE + "lock");

    assertThat(site).isEmptyDirectory();
  }

  @Test
  void whatIsNotPermittedIsTold() throws Exception {
    Files.createFile(server.jail().resolve("public"));

    assertThat(why(() -> machine.create("/lock", new byte[1], 0644)))
        .isEqualTo("permission denied there");
    assertThat(why(() -> machine.remove("/public"))).isEqualTo("permission denied there");
    assertThat(why(() -> machine.rename("/public", "/other"))).isEqualTo("permission denied there");
    assertThat(why(() -> machine.uploadRest(List.of(upload("file", 10, "/")), NOBODY)))
        .isEqualTo("permission denied there");
    assertThatThrownBy(() -> machine.remove("/public"))
        .isInstanceOfSatisfying(
            EnvironmentException.class,
            e ->
                assertThat(e.next())
                    .isEqualTo("Look at the permissions of /public and of its folder there."));
  }

  @Test
  void sendsWhatAnEarlierAttemptHasNotSent() throws Exception {
    Upload half = upload("half", 3_000_001);
    Upload none = upload("none", 700_000);
    Upload whole = upload("whole", 300_000);
    Upload longer = upload("longer", 50_000);
    byte[] content = Files.readAllBytes(half.local());
    Files.write(site.resolve("half"), Arrays.copyOf(content, 1_234_567));
    Files.copy(whole.local(), site.resolve("whole"));
    Files.write(site.resolve("longer"), new byte[60_000]);
    try (Stream<Path> files = Files.list(site)) {
      for (Path file : files.toList()) {
        Files.setOwner(file, Files.getOwner(site));
      }
    }
    List<String> told = new ArrayList<>();

    machine.uploadRest(
        List.of(half, none, whole, longer),
        (remote, bytes, of) -> {
          synchronized (told) {
            told.add(remote + " " + bytes + "/" + of);
          }
        });

    for (Upload upload : List.of(half, none, whole, longer)) {
      Path there = site.resolve(upload.local().getFileName());
      assertThat(there).hasSameBinaryContentAs(upload.local());
      assertThat(mode(there.getFileName().toString())).isEqualTo("rw-rw-r--");
    }
    assertThat(machine.list("/site")).containsOnlyKeys("half", "longer", "none", "whole");
    assertThat(first(told, "half")).isEqualTo("/site/half 1234567/3000001");
    assertThat(first(told, "none")).isEqualTo("/site/none 0/700000");
    assertThat(first(told, "longer")).isEqualTo("/site/longer 0/50000");
    assertThat(told.stream().filter(it -> it.startsWith("/site/whole")))
        .containsOnly("/site/whole 300000/300000");
    assertThat(told).contains("/site/half 3000001/3000001", "/site/none 700000/700000");
  }

  private static String first(List<String> told, String name) {
    return told.stream().filter(it -> it.startsWith(SITE + name)).findFirst().orElseThrow();
  }

  @Test
  void goesOnWithAnotherPersonsFile() throws Exception {
    Upload upload = upload("part", 100_000);
    byte[] content = Files.readAllBytes(upload.local());
    Path part = Files.write(site.resolve("part"), Arrays.copyOf(content, 10)); // root's
    Files.setPosixFilePermissions(part, PosixFilePermissions.fromString("rw-rw-r--"));
    Files.setAttribute(part, "unix:gid", Files.getAttribute(site, "unix:uid")); // www-data's

    machine.uploadRest(List.of(upload), NOBODY);

    assertThat(part).hasSameBinaryContentAs(upload.local());
  }

  @Test
  void whatAnotherPersonAloneMayWriteIsSentAnewUnlessItIsWhole() throws Exception {
    Upload half = upload("half", 100_000);
    Upload whole = upload("whole", 50_000);
    Files.write(site.resolve("half"), new byte[10]); // root's
    Files.copy(whole.local(), site.resolve("whole"));
    for (String name : List.of("half", "whole")) {
      Files.setPosixFilePermissions(
          site.resolve(name), PosixFilePermissions.fromString("rw-rw-r--"));
    }

    machine.uploadRest(List.of(half, whole), NOBODY);

    for (Upload upload : List.of(half, whole)) {
      assertThat(site.resolve(upload.local().getFileName())).hasSameBinaryContentAs(upload.local());
    }
    assertThat(owner(site.resolve("half"))).isEqualTo(owner(site));
    assertThat(owner(site.resolve("whole"))).as("it was not sent").isZero();
    machine.rename(SITE + "whole", SITE + "public");
    assertThat(machine.list("/site")).containsOnlyKeys("half", "public");
  }

  @Test
  void aPipeInTheWayIsNotWaitedFor() throws Exception {
    assertThat(new ProcessBuilder("mkfifo", site.resolve("pipe").toString()).start().waitFor())
        .isZero();

    assertThat(why(() -> machine.uploadRest(List.of(upload("pipe", 10)), NOBODY)))
        .isEqualTo("what has that name there is no regular file");
  }

  @Test
  void aFullDiskIsToldAndWhatHasArrivedIsGoneOnWith() throws Exception {
    Upload big = upload("big", 3_000_000, "/disk/");
    try (SmallDisk disk = SmallDisk.mount(server.jail().resolve("disk"), "size=1m,mode=0777")) {
      EnvironmentException e =
          catchThrowableOfType(
              EnvironmentException.class, () -> machine.uploadRest(List.of(big), NOBODY));

      assertThat(e).hasMessageContaining(big.local().toString()).hasMessageContaining("/disk/big");
      assertThat(e.why()).contains("0 KiB are free");
      long arrived = Files.size(disk.path().resolve("big"));
      assertThat(arrived).isBetween(500_000L, 1L << 20);
      remount(disk.path(), "size=8m");
      List<Long> told = new ArrayList<>();
      machine.uploadRest(List.of(big), (remote, bytes, of) -> told.add(bytes));
      assertThat(told.get(0)).isEqualTo(arrived);
      assertThat(disk.path().resolve("big")).hasSameBinaryContentAs(big.local());
    }
    Files.delete(server.jail().resolve("disk"));
  }

  private static void remount(Path disk, String options) throws Exception {
    assertThat(
            new ProcessBuilder("mount", "-o", "remount," + options, disk.toString())
                .inheritIO()
                .start()
                .waitFor())
        .isZero();
  }

  @Test
  void hashesByReadingWhereThereIsNoShell() throws Exception {
    List<String> files = new ArrayList<>();
    for (int size : new int[] {0, 1, 600_000, 5_000_000}) {
      machine.uploadRest(List.of(upload("file " + size, size)), NOBODY);
      files.add(SITE + "file " + size);
    }
    List<Long> told = new ArrayList<>();

    Map<String, String> hashes =
        machine.sha256(
            files,
            (remote, bytes, of) -> {
              if (of == 5_000_000) {
                told.add(bytes);
              }
            });

    assertThat(hashes).containsOnlyKeys(files);
    for (String file : files) {
      Path local = here.resolve(file.substring(SITE.length()));
      assertThat(hashes).containsEntry(file, sha256(local));
    }
    assertThat(told).isSorted().hasSizeGreaterThan(3).endsWith(5_000_000L);
  }

  @Test
  void hashesByAProgramWhereThereIsAShell(@TempDir Path other, @TempDir Path there)
      throws Exception {
    Path odd = write(there.resolve("it's \\ odd\nname"), 5_000_000);
    Path empty = Files.createFile(there.resolve("-n"));
    List<String> told = new ArrayList<>();
    try (OpenSshServer withShell = OpenSshServer.start(other, KEY.publicLine());
        SshMachine full = connected(withShell)) {
      Map<String, String> hashes =
          full.sha256(
              List.of(odd.toString(), empty.toString()),
              (remote, bytes, of) -> told.add(bytes + "/" + of));

      assertThat(hashes)
          .containsOnly(
              Map.entry(odd.toString(), sha256(odd)), Map.entry(empty.toString(), sha256(empty)));
      assertThat(told).containsExactly("0/5000000", "5000000/5000000", "0/0", "0/0");
      assertThat(why(() -> full.sha256(List.of(there + "/none"), NOBODY)))
          .isEqualTo("there is no such file or folder there");
    }
  }

  @Test
  void whatIsNoAnswerIsNotTakenForOne(@TempDir Path other, @TempDir Path there) throws Exception {
    Path file = write(there.resolve("file"), 10_000);
    // A login shell that chatters before a command, as some do; SFTP is the server's own.
    String chatter =
        "ForceCommand case $SSH_ORIGINAL_COMMAND in internal-sftp) exec"
            + " /usr/lib/openssh/sftp-server;; *) echo Welcome; eval \"$SSH_ORIGINAL_COMMAND\";;"
            + " esac";
    try (OpenSshServer chatty = OpenSshServer.start(other, KEY.publicLine(), chatter);
        SshMachine machine = connected(chatty)) {
      List<Long> told = new ArrayList<>();

      assertThat(machine.sha256(List.of(file.toString()), (remote, bytes, of) -> told.add(bytes)))
          .containsOnly(Map.entry(file.toString(), sha256(file)));
      assertThat(told).containsExactly(10_000L); // by reading: the program would begin with 0
    }
  }

  private static SshMachine connected(OpenSshServer server) throws Exception {
    return SshMachine.connect(
        new SshAddress(server.user(), "127.0.0.1", server.port()),
        new HostKeys.Pinned(List.of(server.hostKeyLine())),
        KEY,
        Duration.ofSeconds(30));
  }

  private static String why(ThrowingCallable call) {
    EnvironmentException e = catchThrowableOfType(EnvironmentException.class, call);
    assertThat(e).isNotNull();
    return e.why();
  }

  private Upload upload(String name, int size) throws IOException {
    return upload(name, size, SITE);
  }

  private Upload upload(String name, int size, String folder) throws IOException {
    return new Upload(write(here.resolve(name), size), folder + name, 0664);
  }

  private static Path write(Path file, int size) throws IOException {
    byte[] content = new byte[size];
    new Random(size).nextBytes(content);
    return Files.write(file, content);
  }

  private static int owner(Path file) throws IOException {
    return (int) Files.getAttribute(file, "unix:uid");
  }

  private static String mode(String name) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(site.resolve(name)));
  }

  private static String sha256(Path file) throws Exception {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
  }
}
