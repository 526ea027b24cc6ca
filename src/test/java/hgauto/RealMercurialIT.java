package hgauto;

import static org.assertj.core.api.Assertions.assertThat;

import hgauto.testbed.HgRepository;
import hgauto.testbed.HgautoProgram;
import hgauto.testbed.HgautoProgram.Result;
import hgauto.testbed.Requires;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The main job, on Mercurial's own source: it is built, and its own tests decide. */
@Timeout(600)
class RealMercurialIT {
  @TempDir private Path temp;

  @Test
  void aChangesetThatBreaksATestIsToldByThatTest() throws Exception {
    String release = Requires.env("HGAUTO_MERCURIAL_SOURCE");
    HgautoProgram hgauto = new HgautoProgram(Files.createDirectory(temp.resolve("hgauto")));
    Path root = temp.resolve("mercurial");
    hgauto.startOther(temp, "cp", List.of("-R", release, root.toString())).end();
    HgRepository source = HgRepository.create(root);
    source.commit("a release");
    source.hg("phase", "--public", "--rev=.");
    String test = Files.readString(root.resolve("tests/test-abort-checkin.t"));
    source
        .write("tests/test-abort-checkin.t", test + "\n  $ echo new\n  old\n")
        .commit("expect something else");

    Result result = hgauto.run(root, "try", "--", "test-add.t", "test-abort-checkin.t");

    assertThat(result.out())
        .as(result.err())
        .contains("[hgauto] running make local", "# Ran 2 tests, 0 skipped, 1 failed.")
        .contains("verdict: FAILED: 1 failed, 1 passed", "  failed: test-abort-checkin.t\n")
        .doesNotContain("failed: test-add.t");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(Files.readString(hgauto.state().resolve("try/runs/1/index.html")))
        .contains("test-abort-checkin.t", "+  new", "-  old");
    assertThat(hgauto.temporaryFiles()).isEmptyDirectory();
  }
}
