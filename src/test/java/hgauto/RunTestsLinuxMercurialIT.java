package hgauto;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import hgauto.testbed.HgRepository;
import hgauto.testbed.HgautoProgram;
import hgauto.testbed.HgautoProgram.Result;
import hgauto.testbed.LinuxHost;
import hgauto.testbed.Requires;
import hgauto.testbed.machine.MercurialRepository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A dozen of Mercurial's own tests, on its own source, on another machine. */
@Timeout(600)
class RunTestsLinuxMercurialIT {
  /** Mostly with files, and quick even where Mercurial is built without C, as that is quick. */
  static final List<String> TESTS =
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

  @TempDir private static Path temp;
  private static HgautoProgram hgauto;
  private static HgRepository source;
  private static LinuxHost host;

  @BeforeAll
  static void start() throws IOException {
    hgauto = new HgautoProgram(Files.createDirectory(temp.resolve("hgauto")));
    source = MercurialRepository.cloneInto(temp.resolve("mercurial"));
    host = LinuxHost.start(hgauto, temp.resolve("machine"), UnaryOperator.identity());
  }

  @AfterAll
  static void end() {
    if (host != null) {
      host.close();
    }
  }

  private static Result run(List<String> arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of("run-tests-linux", "--host", host.url()));
    all.addAll(arguments);
    return hgauto.run(source.root(), all.toArray(String[]::new));
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"default", "tmpfs", "ext4", "xfs", "btrfs", "jfs"})
  void aDozenTestsPassOn(String filesystem) throws Exception {
    if (filesystem.equals("jfs")) {
      Requires.jfs();
    }
    List<String> arguments =
        new ArrayList<>(List.of("--json", "--rev=public()", "--filesystem", filesystem, "--"));
    arguments.add(filesystem.equals("tmpfs") ? "--time" : "--pure"); // with C and without
    arguments.addAll(TESTS);
    Result result = run(arguments);
    assertThat(result.err())
        .contains("/hgwork is ready, on " + filesystem, ": built (", "PASSED: 12 passed")
        .contains("# Ran 12 tests, 0 skipped, 0 failed.");
    JsonObject json = JsonParser.parseString(result.out()).getAsJsonObject();
    assertThat(json.get("passed").getAsInt()).isEqualTo(12);
    assertThat(result.exitCode()).isZero();
  }

  @Test
  void aChangesetThatBreaksATestIsToldByThatTest() throws Exception {
    Path test = source.root().resolve("tests/test-abort-checkin.t");
    Files.writeString(test, Files.readString(test) + "\n  $ echo new\n  old\n");
    String broken = source.commit("expect something else");
    Result result =
        run(List.of("--rev", broken, "--", "--pure", "test-abort-checkin.t", "test-dirs.py"));
    assertThat(result.out())
        .as(result.err())
        .contains("-  old\n", "+  new\n", "Failed test-abort-checkin.t: output changed\n")
        .contains("# Ran 2 tests, 0 skipped, 1 failed.");
    assertThat(result.err()).contains("FAILED: 1 passed, 1 failed, 0 skipped");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(hgauto.state().resolve("testtimes/host-system3"))
        .content()
        .contains("test-abort-checkin.t ", "test-dirs.py ");
  }
}
