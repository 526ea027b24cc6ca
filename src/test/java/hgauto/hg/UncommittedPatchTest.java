package hgauto.hg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hgauto.error.UsageException;
import hgauto.testbed.HgRepository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UncommittedPatchTest {
  @TempDir private Path folder;
  private HgRepository repository;
  private Checkout checkout;

  @BeforeEach
  void makeRepository() throws IOException {
    Path root = Files.createDirectory(folder.resolve("here%s"));
    repository = HgRepository.create(root);
    repository.write(".hg/hgrc", "[ui]\nusername = Ann <ann@example.org>\n[diff]\nnodates = 1\n");
    checkout = Checkout.find(root, new Hg("hg").withoutUserConfig());
  }

  private Path root() {
    return repository.root();
  }

  private byte[] patch() {
    return checkout.uncommittedPatch(checkout.resolve("."));
  }

  @Test
  void isEmptyWhereAFileIsMerelyMissing() throws Exception {
    repository.write("missing", "1\n");
    repository.commit("base");
    Files.delete(root().resolve("missing"));
    assertThat(patch()).isEmpty();
  }

  @Test
  void isWhatACommitWouldHaveMade() throws Exception {
    repository
        .write("changed", "1\n2\n")
        .write("with space", "1\n")
        .write("ünïcode", "1\n")
        .write("removed", "1\n")
        .write("moved", "1\n2\n3\n")
        .write("executable", "1\n")
        .write("noend", "1")
        .write("windows", "1\r\n")
        .write("missing", "1\n");
    Files.write(root().resolve("binary"), new byte[] {0, 1, (byte) 0xff});
    Files.createSymbolicLink(root().resolve("link"), Path.of("changed"));
    repository.commit("base");
    HgRepository clone = HgRepository.cloneOf(root(), folder.resolve("clone"));

    repository
        .write("changed", "1\nnew\n2\n")
        .write("with space", "2\n")
        .write("ünïcode", "2\n")
        .write("noend", "2")
        .write("windows", "2\r\n")
        .write("empty", "")
        .write("dir/added", "<>&\n");
    Files.write(root().resolve("binary"), new byte[] {0, 2, (byte) 0xfe, '\n'});
    Files.write(root().resolve("latin"), new byte[] {(byte) 0xe9, '\n'});
    assertThat(root().resolve("executable").toFile().setExecutable(true)).isTrue();
    Files.delete(root().resolve("missing"));
    repository.hg("add", "empty", "dir/added", "latin");
    repository.hg("remove", "removed", "link");
    repository.hg("move", "moved", "renamed");
    repository.hg("copy", "changed", "copied");
    Files.createSymbolicLink(root().resolve("link2"), Path.of("copied"));
    repository.hg("add", "link2");
    repository.write("unknown", "1\n");

    Path patch = Files.write(folder.resolve("patch"), patch());
    clone.hg("import", "--quiet", "--message=uncommitted", patch.toString());
    repository.hg("commit", "--quiet", "--message=uncommitted");
    String tree = "{manifest}\n{author}\n{file_adds}\n{file_dels}\n{file_copies}\n";
    assertThat(clone.hg("log", "-r", "tip", "-T", tree))
        .isEqualTo(repository.hg("log", "-r", "tip", "-T", tree))
        .contains("Ann <ann@example.org>", "renamed (moved)", "copied (changed)");
  }

  @Test
  void isNotForAnotherChangeset() throws IOException {
    repository.write("file", "1").commit("one");
    repository.write("file", "2").commit("two");
    repository.write("file", "3");
    Changeset first = checkout.resolve("0");
    assertThatThrownBy(() -> checkout.uncommittedPatch(first))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("only be sent on top of the changeset that they were made on");
  }

  @Test
  void isNotThereForAMerge() throws IOException {
    repository.write("file", "1").commit("base");
    repository.write("a", "1").commit("a");
    repository.hg("update", "--quiet", "0");
    repository.write("b", "1").commit("b");
    repository.hg("merge", "--quiet", "1");
    assertThatThrownBy(this::patch)
        .isInstanceOf(UsageException.class)
        .hasMessage("a merge that is not committed cannot be sent");
  }
}
