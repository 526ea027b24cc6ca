package hgauto;

import static org.assertj.core.api.Assertions.assertThat;

import hgauto.testbed.HgRepository;
import hgauto.testbed.HgautoProgram;
import hgauto.testbed.HgautoProgram.Result;
import hgauto.testbed.Processes;
import hgauto.testbed.SmallDisk;
import hgauto.testbed.StandInSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code hgauto try} cannot do, and what it says then. */
@Timeout(600)
class TryRefusalsIT {
  @TempDir private static Path temp;
  private static HgautoProgram hgauto;
  private static HgRepository source;

  @BeforeAll
  static void setUp() throws IOException {
    hgauto = new HgautoProgram(Files.createDirectory(temp.resolve("hgauto")));
    source = StandInSource.create(temp.resolve("source"));
    source.write("file", "draft\n").commit("the draft");
    source.write("file", "secret\n").commit("the <script> secret");
    source.hg("phase", "--secret", "--force", "--rev=.");
    source.hg("update", "--rev=1");
  }

  private static Result tryIt(String... arguments) throws Exception {
    return hgauto.run(
        source.root(),
        Stream.concat(Stream.of("try"), Stream.of(arguments)).toArray(String[]::new));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--rev nosuch | 2 | error: cannot find revision nosuch in | unknown revision 'nosuch'",
        "--rev none() | 2 | error: no changeset matches none() | Name one changeset with --rev.",
        "--rev all() | 2 | error: more than one changeset matches all() | base",
        "--rev null | 2 | error: there is no changeset at revision null in | empty revision",
        "--rev draft(( | 2 | error: cannot find revision draft(( in | parse error",
        "--hg /nonexistent | 3 | error: cannot run Mercurial's /nonexistent | Install Mercurial",
        "--repository .. | 2 | error: not in a Mercurial checkout: | --repository",
        "--repository /nonexistent | 2 | error: not in a Mercurial checkout: | no such folder",
        "--no-wait | 2 | error: --no-wait needs a Try Server that goes on | hgauto try-server",
        "--server nonsense | 2 | error: Invalid value for option '--server' | hgauto try --help",
        "--server http://127.0.0.1:1 | 3 | error: | AWS_SHARED_CREDENTIALS_FILE",
        "--server lambda | 3 | error: there are no AWS credentials | --server embedded",
      })
  void whatCannotBeDoneIsToldWithTheWayOut(String options, int code, String what, String more)
      throws Exception {
    Result result = tryIt(options.split(" "));
    assertThat(result.err()).startsWith(what).contains(more).doesNotContain("\tat ");
    assertThat(result.exitCode()).isEqualTo(code);
  }

  @Test
  void aRevsetOfThreeListsWhatMatched() throws Exception {
    Result result = tryIt("--rev", "all()");
    assertThat(result.err().lines().skip(1).limit(3))
        .containsExactly(
            "  " + source.node("0").substring(0, 12) + "  base",
            "  " + source.node("1").substring(0, 12) + "  the draft",
            "  " + source.node("2").substring(0, 12) + "  the <script> secret");
    assertThat(result.out()).isEmpty();
  }

  @Test
  void aSecretChangesetStaysHere() throws Exception {
    Result result = tryIt("--rev=2");
    assertThat(result.err())
        .startsWith("error: changeset " + source.node("2").substring(0, 12) + " is secret")
        .contains("hg phase --draft --force");
    assertThat(result.exitCode()).isEqualTo(2);
  }

  @Test
  void anEmptyRepositoryHasNothingToTest() throws Exception {
    HgRepository empty = HgRepository.create(Files.createDirectory(temp.resolve("empty")));
    Result result = hgauto.run(empty.root(), "try");
    assertThat(result.err()).startsWith("error: there is no changeset at revision . in");
    assertThat(result.exitCode()).isEqualTo(2);
  }

  @Test
  void aStateFolderThatIsAFileCannotBeUsed() throws Exception {
    Path file = Files.createFile(temp.resolve("a-file"));
    Result result = withState(file);
    assertThat(result.err())
        .isEqualTo(
            """
            error: cannot use the state folder %s
              a file stands where a folder should be: %s
              Free some space or mend its permissions, or name another with --state-path.
            """
                .formatted(file, file));
    assertThat(result.exitCode()).isEqualTo(3);
  }

  private static Result withState(Path state, String... more) throws Exception {
    Path usual = hgauto.state();
    try {
      return hgauto.withState(state).run(source.root(), "try", "--", String.join(" ", more));
    } finally {
      hgauto.withState(usual);
    }
  }

  @Test
  void aStateFolderThatIsReadOnlyCannotBeUsed() throws Exception {
    try (SmallDisk disk = SmallDisk.mount(temp.resolve("read-only"), "ro")) {
      Result result = withState(disk.path().resolve("state"));
      assertThat(result.err())
          .startsWith("error: cannot use the state folder " + disk.path().resolve("state"))
          .contains("Read-only file system", "--state-path");
      assertThat(result.exitCode()).isEqualTo(3);
    }
  }

  @Test
  void aFullDiskIsToldBeforeAnythingIsDone() throws Exception {
    try (SmallDisk disk = SmallDisk.mount(temp.resolve("full"), "size=64k")) {
      Path state = HgautoProgram.makeState(disk.path().resolve("state"));
      disk.fill();
      Result result = withState(state);
      assertThat(result.err())
          .contains("error: cannot keep the Try Server's credentials", "No space left on device");
      assertThat(result.exitCode()).isEqualTo(3);
    }
  }

  @Test
  void aDiskThatFillsUpInMidRunEndsTheRunWithTheReason() throws Exception {
    try (SmallDisk disk = SmallDisk.mount(temp.resolve("small"), "size=1m")) {
      String marker = "marker-" + UUID.randomUUID();
      Path state = HgautoProgram.makeState(disk.path().resolve("state"));
      Result result = withState(state, "--do=while True: print('x' * 999) # " + marker);
      assertThat(result.out())
          .contains("verdict: ERROR: the server could not run it: cannot write the log: No space");
      assertThat(result.exitCode()).isEqualTo(1);
      assertThat(Processes.with(marker)).isEmpty();
      assertThat(hgauto.temporaryFiles()).isEmptyDirectory();
    }
  }
}
