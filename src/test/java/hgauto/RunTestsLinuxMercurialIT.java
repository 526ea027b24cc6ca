package hgauto;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import hgauto.testbed.HgRepository;
import hgauto.testbed.HgautoProgram;
import hgauto.testbed.HgautoProgram.Result;
import hgauto.testbed.LinuxHost;
import hgauto.testbed.machine.MercurialRepository;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
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

  @TempDir private Path temp;

  private static String[] line(LinuxHost host, List<String> tests, String... arguments) {
    List<String> all = new ArrayList<>(List.of("run-tests-linux", "--host", host.url()));
    all.addAll(List.of(arguments));
    all.addAll(tests);
    return all.toArray(String[]::new);
  }

  @Test
  void aChangesetThatBreaksATestIsToldByThatTest() throws Exception {
    HgautoProgram hgauto = new HgautoProgram(Files.createDirectory(temp.resolve("hgauto")));
    HgRepository source = MercurialRepository.cloneInto(temp.resolve("mercurial"));
    try (LinuxHost host =
        LinuxHost.start(hgauto, temp.resolve("machine"), UnaryOperator.identity())) {
      Result good =
          hgauto.run(
              source.root(), line(host, TESTS, "--json", "--filesystem", "tmpfs", "--", "--time"));
      assertThat(good.err()).contains(": built (", "# Ran 12 tests, 0 skipped, 0 failed.");
      JsonObject json = JsonParser.parseString(good.out()).getAsJsonObject();
      assertThat(json.get("passed").getAsInt()).isEqualTo(12);
      assertThat(good.exitCode()).isZero();
      Path times = hgauto.state().resolve("testtimes/host-system3");
      assertThat(Files.readAllLines(times))
          .hasSize(12)
          .anyMatch(l -> l.startsWith("test-empty.t "));

      Path test = source.root().resolve("tests/test-abort-checkin.t");
      Files.writeString(test, Files.readString(test) + "\n  $ echo new\n  old\n");
      source.commit("expect something else");
      Result bad = hgauto.run(source.root(), line(host, TESTS.subList(0, 3), "--"));
      assertThat(bad.out())
          .as(bad.err())
          .contains("-  old\n", "+  new\n", "Failed test-abort-checkin.t: output changed\n")
          .contains("# Ran 3 tests, 0 skipped, 1 failed.");
      assertThat(bad.err()).contains("FAILED: 2 passed, 1 failed, 0 skipped");
      assertThat(bad.exitCode()).isEqualTo(1);
      assertThat(Files.readAllLines(times)).anyMatch(l -> l.matches("test-ancestor.py \\S+ \\S+"));
    }
  }
}
