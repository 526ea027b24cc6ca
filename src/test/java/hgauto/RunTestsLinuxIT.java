package hgauto;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import hgauto.state.Folders;
import hgauto.testbed.HgRepository;
import hgauto.testbed.HgautoProgram;
import hgauto.testbed.HgautoProgram.Result;
import hgauto.testbed.LinuxHost;
import hgauto.testbed.StandInSource;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code hgauto run-tests-linux --host} as a person runs it, with a quick source. */
@Timeout(600)
class RunTestsLinuxIT {
  @TempDir private Path temp;
  private HgautoProgram hgauto;
  private HgRepository source;

  @BeforeEach
  void setUp() throws IOException {
    hgauto = new HgautoProgram(Files.createDirectory(temp.resolve("hgauto")));
    source = StandInSource.create(temp.resolve("source"));
  }

  private LinuxHost host() throws IOException {
    return LinuxHost.start(hgauto, temp.resolve("machine"), UnaryOperator.identity())
        .withSource(source);
  }

  private Result run(LinuxHost host, String... arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of("run-tests-linux", "--host", host.url()));
    all.addAll(List.of(arguments));
    return hgauto.run(source.root(), all.toArray(String[]::new));
  }

  @Test
  void aDraftIsPushedAndTestedAndTheVerdictTold() throws Exception {
    try (LinuxHost host = host()) {
      source.write("file", "draft\n").commit("the draft");
      Result result = run(host);
      assertThat(result.out()).as(result.err()).startsWith("argv: [");
      assertThat(result.err()).contains("PASSED: 1 passed");
      assertThat(result.exitCode()).isZero();
      Result failed = run(host, "--", "--fail=test-bad.t", "--exit=80");
      assertThat(failed.err()).contains("FAILED: 1 passed, 1 failed");
      assertThat(failed.exitCode()).isEqualTo(80);
    }
  }

  @Test
  void withoutSshHereNothingIsBegun() throws Exception {
    Path programs = Files.createDirectory(temp.resolve("programs"));
    for (String folder : List.of(System.getenv("PATH").split(":", -1))) {
      try (Stream<Path> all = Files.list(Path.of(folder))) {
        for (Path program : all.filter(one -> !one.endsWith("ssh")).toList()) {
          Path link = programs.resolve(program.getFileName());
          if (!Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
            Files.createSymbolicLink(link, program);
          }
        }
      } catch (NoSuchFileException e) {
        // a PATH may name folders that are not there
      }
    }
    hgauto.with("PATH", programs.toString());
    Result result = hgauto.run(source.root(), "run-tests-linux", "--host", "ssh://hg@host.invalid");
    assertThat(result.err())
        .contains("error: cannot run OpenSSH's ssh on this machine", "openssh-client")
        .doesNotContain("host.invalid");
    assertThat(result.exitCode()).isEqualTo(3);
    Folders.delete(programs); // JUnit warns of each link
  }

  @Test
  void whatIsNotCommittedIsSaidAndTestedIfItIsToBe() throws Exception {
    try (LinuxHost host = host()) {
      source.write("changed", "1").commit("the draft");
      String before = source.hg("log", "-T", "{node} {phase}\n");
      source.write("changed", "2").write("new", "3");
      source.hg("add", "new");
      String show = "--do=print(open('../changed').read(), os.path.exists('../new'))";
      Result without = run(host, "--", show);
      assertThat(without.err())
          .contains(
              "warning: uncommitted changes are not tested (--include-uncommitted):"
                  + " changed, new\n");
      assertThat(without.out()).endsWith("\n1 False\n");
      Result with = run(host, "--include-uncommitted", "--", show);
      assertThat(with.err()).contains("with uncommitted changes: changed, new\n");
      assertThat(with.out()).as(with.err()).endsWith("\n2 True\n");
      assertThat(source.hg("log", "-T", "{node} {phase}\n")).isEqualTo(before);
      assertThat(source.hg("status")).isEqualTo("M changed\nA new\n");
    }
  }

  @Test
  void whatTestsTookBeforeIsKnownThere() throws Exception {
    Path times = Files.createDirectories(hgauto.state().resolve("testtimes"));
    Files.writeString(times.resolve("host-system3"), "test-good.t 1.500\n");
    try (LinuxHost host = host()) {
      Result result = run(host, "--", "--do=print(open('/hgwork/results/.testtimes').read())");
      assertThat(result.out()).as(result.err()).endsWith("\ntest-good.t 1.500\n\n");
    }
  }

  @Test
  void withJsonStandardOutputIsOneDocument() throws Exception {
    try (LinuxHost host = host()) {
      Result result = run(host, "--json", "--filesystem", "tmpfs", "--", "--fail=test-bad.t");
      JsonObject json = JsonParser.parseString(result.out()).getAsJsonObject();
      assertThat(json.get("exitCode").getAsInt()).isEqualTo(1);
      assertThat(json.get("failed").getAsInt()).isEqualTo(1);
      assertThat(json.get("node").getAsString()).isEqualTo(source.node("."));
      assertThat(json.get("hosts").getAsJsonArray())
          .containsExactly(new JsonPrimitive(host.url().replace("//", "//hg@")));
      Path results = Path.of(json.get("results").getAsString());
      assertThat(results.resolve("output.txt")).content().startsWith("argv: ");
      assertThat(results.resolve("report.xml")).content().contains("test-bad.t");
      assertThat(result.err()).contains("argv: [", "FAILED: 1 passed, 1 failed");
      assertThat(result.exitCode()).isEqualTo(1);
    }
  }

  /** In 64 MiB of memory, and lines of a megabyte. */
  @Test
  void twoHundredMegabytesOfAllBytesComeThroughAsTheyAre() throws Exception {
    Path out = temp.resolve("out");
    hgauto.with("JAVA_TOOL_OPTIONS", "-Xmx64m");
    try (LinuxHost host = host()) {
      String flag =
          "--do=[sys.stdout.buffer.write(b'x' * 1048576 + bytes(range(256))) for _ in range(200)]";
      String command =
          Path.of("target/hgauto").toAbsolutePath()
              + (" --state-path=" + hgauto.state())
              + (" run-tests-linux --host " + host.url())
              + (" -- \"" + flag + "\" >" + out);
      Result result = hgauto.startOther(source.root(), "sh", List.of("-c", command)).end();
      assertThat(result.exitCode()).as(result.err()).isZero();
      byte[] part = new byte[1048576 + 256];
      Arrays.fill(part, (byte) 'x');
      for (int value = 0; value < 256; value++) {
        part[1048576 + value] = (byte) value;
      }
      try (InputStream read = new BufferedInputStream(Files.newInputStream(out))) {
        for (int b = read.read(); b != '\n'; b = read.read()) {
          assertThat(b).isNotEqualTo(-1);
        }
        for (int count = 0; count < 200; count++) {
          assertThat(Arrays.equals(read.readNBytes(part.length), part)).isTrue();
        }
        assertThat(read.read()).isEqualTo(-1);
      }
      try (Stream<Path> kept = Files.walk(hgauto.state().resolve("results"))) {
        Path file = kept.filter(path -> path.endsWith("output.txt")).findAny().orElseThrow();
        assertThat(Files.mismatch(file, out)).isEqualTo(-1);
      }
    }
  }

  @Test
  void whatIsUnderWayIsSaid() throws Exception {
    try (LinuxHost host = host()) {
      source.write("file", "1").commit("the draft");
      Files.createFile(source.root().resolve(".hg/rebasestate"));
      Result result = run(host);
      assertThat(result.err()).contains("warning: a rebase is under way here; changeset ");
      assertThat(result.exitCode()).isZero();
    }
  }

  @Test
  void aDiskThatNobodyUsesIsTakenAndGivenBack() throws Exception {
    try (LinuxHost host = host()) {
      host.program(
          "/usr/local/bin/lsblk",
          """
          echo '{"blockdevices": [
            {"name": "sda", "path": "/dev/sda", "type": "disk", "size": 9999999999,
             "children": [{"name": "sda1", "mountpoint": "/"}]},
            {"name": "nvme1n1", "path": "/dev/nvme1n1", "type": "disk", "size": 8589934592}]}'
          """);
      String show = "--do=subprocess.run(['stat', '-fc', '%T', '.', os.environ['TMPDIR']])";
      for (String filesystem : List.of("ext4", "tmpfs", "xfs", "btrfs", "ext3")) {
        Result result = run(host, "--filesystem", filesystem, "--", show);
        String told = filesystem.startsWith("ext") ? "ext2/ext3" : filesystem;
        assertThat(result.out()).as(result.err()).endsWith((told + "\n").repeat(2));
      }
      assertThat(run(host, "--", show).out()).endsWith("overlayfs\noverlayfs\n");
    }
  }
}
