package hgauto;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import hgauto.testbed.HgRepository;
import hgauto.testbed.HgautoProgram;
import hgauto.testbed.HgautoProgram.Result;
import hgauto.testbed.LinuxHost;
import hgauto.testbed.machine.MercurialRepository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A dozen of Mercurial's own tests, on its own source, on another machine. */
@Timeout(600)
class RunTestsLinuxMercurialIT {
  private static final List<String> TESTS =
      List.of(
          "test-abort-checkin.t",
          "test-ancestor.py",
          "test-bad-pull.t",
          "test-dispatch.py",
          "test-empty.t",
          "test-empty-dir.t",
          "test-filelog.py",
          "test-issue522.t",
          "test-issue612.t",
          "test-issue619.t",
          "test-lrucachedict.py",
          "test-simplemerge.py");

  /** Quick ones, mostly with files, even where Mercurial is built without C, as that is quick. */
  private static final List<String> WITH_FILES =
      List.of(
          "test-abort-checkin.t",
          "test-atomictempfile.py",
          "test-context.py",
          "test-dirs.py",
          "test-linelog.py",
          "test-lock.py",
          "test-lrucachedict.py",
          "test-simplekeyvaluefile.py",
          "test-simplemerge.py",
          "test-ui-config.py",
          "test-util.py",
          "test-walkrepo.py");

  @TempDir private Path temp;
  private HgautoProgram hgauto;
  private HgRepository source;

  @BeforeEach
  void setUp() throws IOException {
    hgauto = new HgautoProgram(Files.createDirectory(temp.resolve("hgauto")));
    source = MercurialRepository.cloneInto(temp.resolve("mercurial"));
  }

  private LinuxHost host() throws IOException {
    return LinuxHost.start(hgauto, temp.resolve("machine"), UnaryOperator.identity());
  }

  private Result run(LinuxHost host, List<String> tests, String... arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of("run-tests-linux", "--host", host.url()));
    all.addAll(List.of(arguments));
    all.addAll(tests);
    return hgauto.run(source.root(), all.toArray(String[]::new));
  }

  @Test
  void aChangesetThatBreaksATestIsToldByThatTest() throws Exception {
    try (LinuxHost host = host()) {
      Result good = run(host, TESTS, "--json", "--filesystem", "tmpfs", "--", "--time");
      assertThat(good.err()).contains(": built (", "# Ran 12 tests, 0 skipped, 0 failed.");
      JsonObject json = JsonParser.parseString(good.out()).getAsJsonObject();
      assertThat(json.get("passed").getAsInt()).isEqualTo(12);
      assertThat(good.exitCode()).isZero();
      Path times = hgauto.state().resolve("testtimes/host-system3");
      assertThat(Files.readAllLines(times))
          .hasSize(12)
          .anyMatch(l -> l.startsWith("test-empty.t "));

      breakATest();
      Result bad = run(host, TESTS.subList(0, 2), "--", "--pure");
      assertThat(bad.out())
          .as(bad.err())
          .contains("-  old\n", "+  new\n", "Failed test-abort-checkin.t: output changed\n")
          .contains("# Ran 2 tests, 0 skipped, 1 failed.");
      assertThat(bad.err()).contains("FAILED: 1 passed, 1 failed, 0 skipped");
      assertThat(bad.exitCode()).isEqualTo(1);
      assertThat(Files.readAllLines(times)).anyMatch(l -> l.matches("test-ancestor.py \\S+ \\S+"));
    }
  }

  private void breakATest() throws IOException {
    Path test = source.root().resolve("tests/test-abort-checkin.t");
    Files.writeString(test, Files.readString(test) + "\n  $ echo new\n  old\n");
    source.commit("expect something else");
  }

  @Test
  void aDozenTestsPassOnEachFilesystem() throws Exception {
    try (LinuxHost host = host()) {
      for (String filesystem : filesystems()) {
        Result result = run(host, WITH_FILES, "--filesystem", filesystem, "--", "--pure");
        assertThat(result.out())
            .as(filesystem + result.err())
            .contains("# Ran 12 tests, 0 skipped, 0 failed.");
        assertThat(result.err())
            .contains("/hgwork is ready, on " + filesystem, "PASSED: 12 passed");
        assertThat(result.exitCode()).isZero();
      }
    }
  }

  private static List<String> filesystems() throws IOException {
    List<String> all = new ArrayList<>(List.of("default", "ext4", "xfs", "btrfs"));
    if (Files.readString(Path.of("/proc/filesystems")).lines().anyMatch("\tjfs"::equals)) {
      all.add("jfs");
    }
    return all;
  }
}
