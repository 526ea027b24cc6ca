package hgauto.hg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import hgauto.error.EnvironmentException;
import hgauto.error.UsageException;
import hgauto.testbed.HgRepository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckoutTest {
  @TempDir private Path folder;
  private HgRepository repository;
  private Checkout checkout;

  @BeforeEach
  void makeCheckout() {
    repository = HgRepository.create(folder);
    checkout = Checkout.find(folder, new Hg("hg").withoutUserConfig());
  }

  @Test
  void isFoundFromAFolderBelow() throws IOException {
    Path below = Files.createDirectories(folder.resolve("a/b"));
    assertThat(Checkout.find(below, new Hg("hg")).root()).isEqualTo(folder);
  }

  @Test
  void isNotFoundOutsideOfOne(@TempDir Path elsewhere) {
    assertThatThrownBy(() -> Checkout.find(elsewhere, new Hg("hg")))
        .isInstanceOf(UsageException.class)
        .hasMessage("not in a Mercurial checkout: " + elsewhere);
  }

  @Test
  void resolvesTheWorkingCopysParentWithItsMetadata() throws IOException {
    repository.write("file", "1");
    String node = repository.commit("fix \"it\" <now>\n\nünïcode $(x)\nlast");
    assertThat(checkout.resolve("."))
        .isEqualTo(
            new Changeset(
                node,
                "default",
                "Ann <ann@example.org>",
                "draft",
                "fix \"it\" <now>\n\nünïcode $(x)\nlast"));
  }

  @Test
  void aRevisionThatHgDoesNotKnowIsTheUsersMistake() {
    UsageException failure =
        catchThrowableOfType(UsageException.class, () -> checkout.resolve("nosuch"));
    assertThat(failure.what()).startsWith("cannot find revision nosuch in ");
    assertThat(failure.why()).isEqualTo("unknown revision 'nosuch'");
  }

  @Test
  void aRevisionThatLooksLikeAnOptionIsStillARevision() {
    assertThatThrownBy(() -> checkout.resolve("--version")).isInstanceOf(UsageException.class);
  }

  @Test
  void aRevsetThatMatchesNothingIsRefused() {
    assertThatThrownBy(() -> checkout.resolve("none()"))
        .isInstanceOf(UsageException.class)
        .hasMessage("no changeset matches none()");
  }

  @Test
  void aRevsetThatMatchesSeveralIsRefusedWithAListOfThem() throws IOException {
    for (String message : List.of("one", "two", "three")) {
      repository.write("file", message).commit(message);
    }
    UsageException failure =
        catchThrowableOfType(UsageException.class, () -> checkout.resolve("all()"));
    assertThat(failure.what()).isEqualTo("more than one changeset matches all()");
    assertThat(failure.why().lines())
        .containsExactly(
            repository.node("0").substring(0, 12) + "  one",
            repository.node("1").substring(0, 12) + "  two",
            repository.node("2").substring(0, 12) + "  three");
  }

  @Test
  void ofManyMatchesTenAreListed() throws IOException {
    for (int i = 0; i < 12; i++) {
      repository.write("file", "" + i).commit("c" + i);
    }
    UsageException failure =
        catchThrowableOfType(UsageException.class, () -> checkout.resolve("all()"));
    assertThat(failure.why().lines()).hasSize(11).last().isEqualTo("… and more");
  }

  @Test
  void anEmptyRepositoryHasNoChangesetToSubmit() {
    assertThatThrownBy(() -> checkout.resolve("."))
        .isInstanceOf(UsageException.class)
        .hasMessageStartingWith("there is no changeset at revision .");
  }

  @Test
  void knowsWhatIsNotCommittedButNotWhatIsUnknown() throws IOException {
    repository.write("changed", "1").write("gone", "1").write("-with space", "1").commit("c");
    repository.write("changed", "2").write("-with space", "2").write("unknown", "1");
    Files.delete(folder.resolve("gone"));
    assertThat(checkout.uncommitted()).containsExactlyInAnyOrder("changed", "gone", "-with space");
  }

  @Test
  void theBundleHasTheDraftAncestorsAndNothingElse(@TempDir Path other) throws IOException {
    repository.write("file", "1").commit("public");
    repository.hg("phase", "--public", ".");
    String first = repository.write("file", "2").commit("draft 1");
    String second = repository.write("file", "3").commit("draft 2");
    repository.write("file", "4").commit("child");
    assertThat(nodesIn(checkout.bundle(checkout.resolve(second)), other))
        .containsExactly(first, second);
  }

  @Test
  void aPublicChangesetIsBundledAlone(@TempDir Path other) throws IOException {
    repository.write("file", "1").commit("one");
    String node = repository.write("file", "2").commit("two");
    repository.hg("phase", "--public", ".");
    assertThat(nodesIn(checkout.bundle(checkout.resolve(node)), other)).containsExactly(node);
  }

  @Test
  void withNothingPublicAllAncestorsAreBundled(@TempDir Path other) throws IOException {
    String first = repository.write("file", "1").commit("one");
    String second = repository.write("file", "2").commit("two");
    assertThat(nodesIn(checkout.bundle(checkout.resolve(".")), other))
        .containsExactly(first, second);
    assertThat(checkout.publicHeads()).isEmpty();
  }

  @Test
  void theFirstPublicChangesetCanBeBundledToo(@TempDir Path other) throws IOException {
    String node = repository.write("file", "1").commit("one");
    repository.hg("phase", "--public", ".");
    assertThat(nodesIn(checkout.bundle(checkout.resolve(".")), other)).containsExactly(node);
    assertThat(checkout.publicHeads()).containsExactly(node);
  }

  @Test
  void aSecretChangesetIsNotBundled() throws IOException {
    repository.write("file", "1").commit("one");
    repository.hg("phase", "--secret", "--force", ".");
    Changeset secret = checkout.resolve(".");
    assertThatThrownBy(() -> checkout.bundle(secret))
        .isInstanceOf(UsageException.class)
        .hasMessage("changeset " + secret.shortNode() + " is secret");
  }

  @Test
  void aFileIsAsItIsInTheChangeset() throws IOException {
    repository.write("tests/file", "é\n").commit("one");
    Changeset one = checkout.resolve(".");
    repository.write("tests/file", "2\n").commit("two");
    assertThat(checkout.file(one, "tests/file")).contains("é\n");
    assertThat(checkout.file(one, "file")).isEmpty();
  }

  @Test
  void thatAFileCannotBeReadIsNotThatThereIsNone() throws IOException {
    repository.write("file", "1").commit("one");
    Changeset one = checkout.resolve(".");
    Files.delete(repository.root().resolve(".hg/store/data/file.i"));
    assertThatThrownBy(() -> checkout.file(one, "file"))
        .isInstanceOf(EnvironmentException.class)
        .hasMessageStartingWith("cannot read file of changeset " + one.shortNode());
  }

  @Test
  void whatIsUnderWayIsNamed() throws IOException {
    repository.write("file", "1").commit("one");
    String base = repository.node(".");
    repository.write("file", "2").commit("two");
    String two = repository.node(".");
    assertThat(checkout.unfinished(true)).isEmpty();
    repository.hg("update", "--quiet", base);
    repository.write("other", "3").commit("three");

    repository.hg("merge", "--quiet", "--rev=" + two);
    assertThat(checkout.unfinished(true)).contains("a merge");
    repository.hg("update", "--quiet", "--clean", base);
    assertThat(checkout.unfinished(true)).isEmpty();

    repository.write("file", "4").commit("four");
    String rebase = "--config=extensions.rebase=";
    assertThatThrownBy(
            () -> repository.hg("rebase", rebase, "--tool=:fail", "--dest=" + two, "--rev=."))
        .isInstanceOf(EnvironmentException.class);
    assertThat(checkout.unfinished(false)).contains("a rebase");
    repository.hg("rebase", rebase, "--abort", "--quiet");
    assertThat(checkout.unfinished(true)).isEmpty();

    assertThatThrownBy(() -> repository.hg("graft", "--tool=:fail", two))
        .isInstanceOf(EnvironmentException.class);
    assertThat(checkout.unfinished(false)).contains("a graft");
  }

  @Test
  void theWorkingCopyItselfIsNotAChangeset() throws IOException {
    repository.write("file", "1").commit("one");
    repository.write("file", "2");
    assertThatThrownBy(() -> checkout.resolve("wdir()"))
        .isInstanceOf(UsageException.class)
        .hasMessage("uncommitted changes cannot be submitted");
  }

  @Test
  void aUsersAliasesAndExtensionsChangeNothing() throws IOException {
    repository.write("file", "1").commit("one");
    Files.writeString(folder.resolve(".hg/hgrc"), "[alias]\nlog = log -T hello\n");
    assertThat(checkout.resolve(".").description()).isEqualTo("one");
  }

  @Test
  void aMissingProgramIsNamedWithTheWayOut() {
    Checkout withoutHg = Checkout.find(folder, new Hg("/nowhere/hg"));
    EnvironmentException failure =
        catchThrowableOfType(EnvironmentException.class, () -> withoutHg.resolve("."));
    assertThat(failure.what()).isEqualTo("cannot run Mercurial's /nowhere/hg");
    assertThat(failure.next()).contains("--hg");
  }

  /** Lays the bundle over what is public, as a server would that has just that. */
  private List<String> nodesIn(byte[] bundle, Path other) throws IOException {
    Path file = Files.write(other.resolve("bundle.hg"), bundle);
    HgRepository server = HgRepository.create(Files.createDirectory(other.resolve("server")));
    for (String node : checkout.publicHeads()) {
      server.hg("pull", "--quiet", "--rev=" + node, folder.toString());
    }
    return server.hg("log", "-R", file.toString(), "--rev=bundle()", "-T{node}\n").lines().toList();
  }

  @Test
  void itsTagsAreItsOwn() throws IOException {
    repository.write("file", "1").commit("first");
    repository.hg("tag", "--rev=0", "7.2", "best");
    repository.hg("tag", "--rev=0", "--local", "mine");
    assertThat(checkout.tags(checkout.resolve("0")))
        .containsExactlyInAnyOrder("7.2", "best", "mine");
    assertThat(checkout.tags(checkout.resolve("tip"))).containsExactly("tip");
  }

  @Test
  void theLatestTagIsThatOfAVersion() throws IOException {
    repository.write("file", "1").commit("first");
    assertThat(checkout.latestTag(checkout.resolve("0"))).isEmpty();
    repository.hg("tag", "--rev=0", "7.2");
    repository.hg("tag", "--rev=1", "best");
    assertThat(checkout.latestTag(checkout.resolve("tip"))).contains("7.2");
    assertThat(checkout.latestTag(checkout.resolve("0"))).contains("7.2");
  }
}
