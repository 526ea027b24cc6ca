package hgauto;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import hgauto.testbed.HgautoProgram.Result;
import hgauto.testbed.HgautoProgram.Running;
import hgauto.testbed.release.PublishScene;
import hgauto.testbed.release.ReleaseFilesMaker;
import hgauto.testbed.release.WatchedSftp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The program is killed with -9 before each operation that changes something on the site or on the
 * index, and is run again. Before every such operation, of both runs, all that is public is looked
 * at. The same for Ctrl-C and SIGTERM, at one operation of a kind.
 */
@Timeout(3600)
class PublishKillMatrixIT {
  private static final String OLD_EXE = "Mercurial-5.8-x64.exe";
  private static final String OLD_LATEST =
      PublishScene.OTHERS
          + "10\t5.8\t.*Windows.*(WOW|x)64.*\thttps://mercurial-scm.org/release/windows/"
          + OLD_EXE
          + "\tthe one before\n";

  /** All of them take minutes. */
  private static final int STEP = Boolean.getBoolean("faults.all") ? 1 : 5;

  @TempDir private Path folder;
  private WatchedSftp sftp;
  private PublishScene scene;

  /** The SHA-256 of each file that is to be there, by name. */
  private Map<String, String> whole;

  /** What latest.dat is in the end. */
  private byte[] newLatest;

  @BeforeEach
  void makeARelease() throws Exception {
    sftp = new WatchedSftp(Files.createDirectory(folder.resolve("control")));
    scene = new PublishScene(Files.createDirectory(folder.resolve("scene")), sftp);
    ReleaseFilesMaker maker = new ReleaseFilesMaker(scene.dist(), "5.9", 1000);
    maker.make(
        List.of(
            "mercurial-5.9-cp39-cp39-win32.whl",
            "mercurial-5.9-cp39-cp39-win_amd64.whl",
            "Mercurial-5.9-x64.exe",
            "mercurial-5.9-x64.msi"));
    expect(Map.of());
    beAsBefore();
    Result first = scene.publish("--allow-partial");
    assertThat(first.exitCode()).describedAs(first.err()).isZero();
    newLatest = Files.readAllBytes(scene.site().resolve("latest.dat"));
    whole = new TreeMap<>();
    scene.onSite().forEach((name, content) -> whole.put(name, sha256(content)));
    whole.remove("latest.dat");
    expect(
        Map.of(
            sha256(OLD_LATEST.getBytes(UTF_8)),
            List.of(OLD_EXE),
            sha256(newLatest),
            List.of("Mercurial-5.9-x64.exe", "mercurial-5.9-x64.msi")));
  }

  @AfterEach
  void close() {
    if (scene != null) {
      scene.close();
    }
  }

  private void expect(Map<String, List<String>> latest) throws IOException {
    sftp.expect(
        new Gson()
            .toJson(
                Map.of(
                    "site",
                    scene.site().toString(),
                    "files",
                    whole == null ? Map.of() : whole,
                    "old",
                    List.of(OLD_EXE, "latest.dat"),
                    "latest",
                    latest)));
  }

  private void beAsBefore() throws IOException {
    for (Path place : List.of(scene.site(), scene.index().packages())) {
      try (Stream<Path> files = Files.list(place)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
    }
    Files.writeString(scene.site().resolve(OLD_EXE), "the one before");
    Files.writeString(scene.site().resolve("latest.dat"), OLD_LATEST);
    sftp.forget();
  }

  private static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void whereverItIsKilledWhatIsPublicIsWholeAndAnotherRunGoesOn() throws Exception {
    beAsBefore();
    Result all = scene.publish("--allow-partial");
    assertThat(all.exitCode()).describedAs(all.err()).isZero();
    List<String> operations = sftp.operations();
    List<String> violations = new ArrayList<>(sftp.violations());
    int states = operations.size();
    int cuts = 0;
    for (int number = 1; number <= operations.size(); number += STEP) {
      beAsBefore();
      sftp.killAt(number);
      killed(start().end());
      cuts++;
      states += goOn("before operation " + number + " on the site", violations);
    }
    for (boolean taken : new boolean[] {false, true}) {
      for (int upload = 1; upload <= 2; upload++) {
        beAsBefore();
        killed(endAtUpload("KILL", upload, taken));
        cuts++;
        states += goOn((taken ? "after" : "before") + " upload " + upload, violations);
      }
    }
    System.out.printf(
        "kill matrix: %d cut points, %d states looked at, %d not as they must be; operations: %s%n",
        cuts,
        states,
        violations.size(),
        operations.stream()
            .collect(Collectors.groupingBy(it -> it, TreeMap::new, Collectors.counting())));
    assertThat(violations).isEmpty();
    assertThat(operations).hasSizeGreaterThan(30).contains("posix-rename@openssh.com", "rename");
  }

  @ParameterizedTest
  @CsvSource({"INT, 130", "TERM, 143"})
  void whoEndsItIsToldWhatIsPublicAndAnotherRunGoesOn(String signal, int exitCode)
      throws Exception {
    List<String> violations = new ArrayList<>();
    List<String> operations = sftp.operations();
    beAsBefore();
    sftp.signalAt(operations.size() / 2, signal);
    ended(
        start().end(),
        exitCode,
        "this run has made nothing public; what was sent to the site is gone on",
        lockStays()); // the server says nothing any more
    goOn("while files are sent", violations);

    beAsBefore();
    ended(
        endAtUpload(signal, 2, false),
        exitCode,
        "this has become public: on the index mercurial-5.9-cp39-cp39-win32.whl;"
            + " perhaps also on the index mercurial-5.9-cp39-cp39-win_amd64.whl,",
        lockStays());
    goOn("while a wheel is uploaded", violations);

    beAsBefore();
    sftp.signalAt(operations.lastIndexOf("rename") + 1, signal);
    ended(
        start().end(),
        exitCode,
        "on the index mercurial-5.9-cp39-cp39-win32.whl, mercurial-5.9-cp39-cp39-win_amd64.whl;"
            + " on the site Mercurial-5.9-x64.exe, mercurial-5.9-cp39-cp39-win32.whl,"
            + " mercurial-5.9-cp39-cp39-win_amd64.whl, mercurial-5.9-x64.msi;"
            + " perhaps also on the site SHA256SUMS-5.9,",
        lockStays());
    goOn("while files get their names", violations);
    assertThat(violations).isEmpty();
  }

  private String lockStays() {
    return "the site stays locked by 127.0.0.1:" + scene.remoteSite() + ".hgauto.lock: ";
  }

  private void ended(Result result, int exitCode, String... words) throws IOException {
    System.out.println("exit code " + result.exitCode() + ":\n" + result.err().strip() + "\n");
    assertThat(result.exitCode()).isEqualTo(exitCode);
    assertThat(result.err().lines().reduce((first, second) -> second).orElse(""))
        .startsWith("interrupted: ")
        .contains(words);
  }

  private Running start() throws IOException {
    Running running = scene.start("publish-windows-artifacts", "5.9", "--yes", "--allow-partial");
    sftp.client(running.pid());
    return running;
  }

  private static void killed(Result result) {
    assertThat(result.exitCode()).describedAs(result.err()).isEqualTo(137);
  }

  private Result endAtUpload(String signal, int which, boolean taken) throws Exception {
    AtomicReference<Running> running = new AtomicReference<>();
    AtomicBoolean done = new AtomicBoolean();
    CompletableFuture<List<ProcessHandle>> twine = new CompletableFuture<>();
    int before = scene.index().uploads();
    Runnable kill =
        () -> {
          if (scene.index().uploads() == before + which && done.compareAndSet(false, true)) {
            List<ProcessHandle> below = // twine, which waits for its answer
                ProcessHandle.of(running.get().pid()).orElseThrow().descendants().toList();
            signal(running.get(), signal);
            below.forEach(it -> it.onExit().completeOnTimeout(it, 30, TimeUnit.SECONDS).join());
            twine.complete(below);
          }
        };
    scene
        .index()
        .whenUploading(
            () -> {
              if (!taken) {
                kill.run();
              }
              return !done.get();
            });
    scene.index().whenTaken(taken ? kill : () -> {});
    running.set(start());
    Result result = running.get().end();
    assertThat(twine.get(60, TimeUnit.SECONDS)).isNotEmpty().noneMatch(ProcessHandle::isAlive);
    scene.index().whenUploading(() -> true);
    scene.index().whenTaken(() -> {});
    assertThat(scene.index().files()).hasSize(taken ? which : which - 1);
    return result;
  }

  private static void signal(Running running, String name) {
    try {
      running.signal(name);
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Runs it again, and looks at all. Returns how many states were looked at. */
  private int goOn(String cut, List<String> violations) throws Exception {
    Result again = scene.publish("--allow-partial");
    assertThat(again.exitCode()).describedAs("killed " + cut + ":\n" + again.err()).isZero();
    sftp.violations().forEach(line -> violations.add("killed " + cut + ": " + line));
    Map<String, byte[]> site = scene.onSite();
    assertThat(site.remove("latest.dat")).describedAs(cut).isEqualTo(newLatest);
    Map<String, String> there = new TreeMap<>();
    site.forEach((name, content) -> there.put(name, sha256(content)));
    assertThat(there).describedAs(cut).isEqualTo(whole);
    assertThat(scene.index().files()).describedAs(cut).hasSize(2);
    return sftp.operations().size() + 1;
  }
}
