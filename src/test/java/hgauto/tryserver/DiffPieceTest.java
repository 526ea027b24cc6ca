package hgauto.tryserver;

import static org.assertj.core.api.Assertions.assertThat;

import hgauto.tryserver.DiffPiece.Kind;
import org.junit.jupiter.api.Test;

class DiffPieceTest {
  @Test
  void tellsAddedLinesFromRemovedOnesAndTheFileNamesFromBoth() {
    String diff =
        "--- test-a.t\n+++ test-a.t.err\n@@ -1,3 +1,3 @@\n   $ hg id\n-  one\n-  two\n+  three";
    assertThat(DiffPiece.of(diff))
        .containsExactly(
            new DiffPiece(Kind.SAME, "--- test-a.t\n+++ test-a.t.err\n"),
            new DiffPiece(Kind.PLACE, "@@ -1,3 +1,3 @@\n"),
            new DiffPiece(Kind.SAME, "   $ hg id\n"),
            new DiffPiece(Kind.REMOVED, "-  one\n-  two\n"),
            new DiffPiece(Kind.ADDED, "+  three"));
  }

  @Test
  void leavesOtherOutputInOnePiece() {
    assertThat(DiffPiece.of("timed out\n- really"))
        .containsExactly(new DiffPiece(Kind.SAME, "timed out\n- really"));
    assertThat(DiffPiece.of("")).isEmpty();
  }
}
