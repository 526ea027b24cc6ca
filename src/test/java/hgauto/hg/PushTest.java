package hgauto.hg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import hgauto.error.EnvironmentException;
import hgauto.error.UsageException;
import hgauto.testbed.HgRepository;
import hgauto.testbed.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Over a stand-in for ssh, which runs the command on this machine. */
class PushTest {
  @TempDir private Path folder;
  private HgRepository repository;
  private HgRepository elsewhere;
  private Checkout checkout;
  private Push to;

  @BeforeEach
  void makeRepositories() throws IOException {
    repository = HgRepository.create(Files.createDirectory(folder.resolve("here")));
    elsewhere = HgRepository.create(Files.createDirectory(folder.resolve("elsewhere")));
    elsewhere.write(".hg/hgrc", "[phases]\npublish = false\n");
    checkout = Checkout.find(repository.root(), new Hg("hg").withoutUserConfig());
    Path ssh = Files.writeString(folder.resolve("ssh"), "#!/bin/sh\nshift; exec sh -c \"$*\"\n");
    assertThat(ssh.toFile().setExecutable(true)).isTrue();
    to = push("hg");
  }

  private Push push(String remoteHg) {
    return new Push(
        "the builder",
        "ssh://hg@builder/" + elsewhere.root(),
        "HGRCPATH= " + folder.resolve("ssh"),
        remoteHg);
  }

  private boolean push() {
    return checkout.push(checkout.resolve("."), to, CompletableFuture.completedFuture(null));
  }

  private String draft() throws IOException {
    repository.write("file", "public").commit("public");
    repository.hg("phase", "--public", ".");
    return repository.write("file", "draft").commit("draft");
  }

  /** What is in {@code .hg}, without caches, which any hg may write. */
  private Map<String, String> state() throws IOException {
    Map<String, String> state = new TreeMap<>();
    Path hg = repository.root().resolve(".hg");
    try (Stream<Path> files = Files.walk(hg)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        if (!file.startsWith(hg.resolve("cache"))) {
          state.put(hg.relativize(file).toString(), Files.getLastModifiedTime(file).toString());
        }
      }
    }
    return state;
  }

  @Test
  void aDraftArrivesWithItsAncestorsAndNothingChangesHere() throws IOException {
    String node = draft();
    Map<String, String> before = state();
    assertThat(push()).isTrue();
    assertThat(elsewhere.hg("log", "-T", "{node} {phase}\\n", "-r", "tip"))
        .isEqualTo(node + " draft\n");
    assertThat(state()).isEqualTo(before);
    assertThat(push()).as("a second time").isFalse();
    assertThat(state()).isEqualTo(before);
  }

  @Test
  void whatIsPublicThereStaysDraftHere() throws IOException {
    draft();
    push();
    elsewhere.hg("phase", "--public", "tip");
    Map<String, String> before = state();
    repository.write("file", "child").commit("child");
    push();
    assertThat(repository.hg("log", "-T", "{phase} ")).isEqualTo("draft draft public ");
    assertThat(before).containsKey("store/phaseroots");
  }

  @Test
  void aPublishingPlaceMakesNothingPublicHere() throws IOException {
    draft();
    Files.delete(elsewhere.root().resolve(".hg/hgrc"));
    push();
    assertThat(repository.hg("log", "-T", "{phase} ")).isEqualTo("draft public ");
  }

  @Test
  void hooksOfTheUsersDoNotRun() throws IOException {
    draft();
    repository.write(
        ".hg/hgrc", "[hooks]\npre-push = false\npreoutgoing.x = false\npost-push = touch ../ran\n");
    assertThat(push()).isTrue();
    assertThat(folder.resolve("ran")).doesNotExist();
  }

  @Test
  void changesetsThatSetTagsArrive() throws IOException {
    draft();
    repository.hg("update", "--quiet", "0");
    repository.hg("tag", "--force", "--user=Ann", "--date=0 0", "1.0");
    repository.hg("phase", "--public", "tip");
    repository.hg("update", "--quiet", "1");
    push();
    assertThat(elsewhere.hg("tags", "-q")).isEqualTo("tip\n1.0\n");
  }

  @Test
  void aChangesetOfAnotherRepositoryIsWelcome() throws IOException {
    draft();
    elsewhere.write("other", "1").commit("not related");
    assertThat(push()).isTrue();
  }

  @Test
  void aSecretChangesetStays() throws IOException {
    draft();
    repository.hg("phase", "--secret", "--force", ".");
    assertThatThrownBy(this::push)
        .isInstanceOf(UsageException.class)
        .hasMessageEndingWith(" is secret");
  }

  @Test
  void aRefusalIsToldInTheWordsOfTheOtherSide() throws IOException {
    draft();
    elsewhere.write(".hg/hgrc", "[hooks]\npretxnchangegroup = echo no room; false\n");
    EnvironmentException failure = catchThrowableOfType(EnvironmentException.class, this::push);
    assertThat(failure.what())
        .isEqualTo(
            "cannot push changeset " + repository.node(".").substring(0, 12) + " to the builder");
    assertThat(failure.why())
        .contains("remote: no room", "pretxnchangegroup hook")
        .doesNotContain("\nabort: ");
  }

  private Hg hg(String script) throws IOException {
    Path hg = Files.writeString(folder.resolve("hg"), "#!/bin/sh\n" + script + "\n");
    assertThat(hg.toFile().setExecutable(true)).isTrue();
    return new Hg(hg.toString());
  }

  /** The program is hg with a standard input of its own. */
  private void pushWithInput(String inputScript) throws IOException {
    Hg hg = hg(inputScript + " | hg \"$@\"").withoutUserConfig();
    Checkout at = Checkout.find(repository.root(), hg);
    at.push(checkout.resolve("."), to, CompletableFuture.completedFuture(null));
  }

  private void ssh(String script) throws IOException {
    Files.writeString(folder.resolve("ssh"), "#!/bin/sh\n" + script + "\n");
  }

  @Test
  void hgThatIsNotToldThatAllIsReadyDoesNotConnect() throws IOException {
    draft();
    ssh("touch " + folder.resolve("connected"));
    assertThatThrownBy(() -> pushWithInput("true")).isInstanceOf(EnvironmentException.class);
    assertThat(folder.resolve("connected")).doesNotExist();
  }

  @Test
  @Timeout(60)
  void hgEndsWithWhoeverHasStartedIt() throws IOException {
    draft();
    Path connected = folder.resolve("connected");
    ssh("touch " + connected + "; exec cat >/dev/null"); // and never answers
    String untilItHas = "{ echo; until [ -e " + connected + " ]; do sleep 0.1; done; }";
    assertThatThrownBy(() -> pushWithInput(untilItHas)).isInstanceOf(EnvironmentException.class);
  }

  /** Loaded before any extension is set up. */
  private void withAnotherExtension(String script) throws IOException {
    Path other = Files.writeString(folder.resolve("other.py"), script);
    repository.write(".hg/hgrc", "[extensions]\nother = " + other + "\n");
  }

  @Test
  void hgThatGoesOnWithoutTheExtensionDoesNotConnect() throws IOException {
    draft();
    withAnotherExtension("from mercurial import extensions\nextensions.wrapcommand = None\n");
    ssh("touch " + folder.resolve("connected"));
    EnvironmentException failure = catchThrowableOfType(EnvironmentException.class, this::push);
    assertThat(failure.why()).contains("failed to set up extension hgauto_read_only");
    assertThat(folder.resolve("connected")).doesNotExist();
  }

  @Test
  void anotherExtensionMayHaveSeenToBookmarks() throws IOException {
    draft();
    withAnotherExtension(
        "from mercurial import exchange\nexchange.pushdiscoveryorder.remove(b'bookmarks')\n");
    assertThat(push()).isTrue();
  }

  /** Its server has to tell it the exit code, and cannot just end. */
  @Test
  void hgMayBeChg() throws IOException {
    Path chg = Requires.program("chg");
    draft();
    Path config = folder.resolve("hgrc");
    Files.writeString(config, "[chgserver]\nidletimeout = 1\n");
    String environment = "CHGSOCKNAME=" + folder.resolve("chg") + " HGRCPATH=" + config;
    Hg hg = hg("exec env " + environment + " " + chg + " \"$@\"");
    Checkout at = Checkout.find(repository.root(), hg);
    CompletableFuture<Void> ready = CompletableFuture.completedFuture(null);
    assertThat(at.push(checkout.resolve("."), to, ready)).isTrue();
    assertThat(at.push(checkout.resolve("."), to, ready)).as("a second time").isFalse();
  }

  @Test
  void subrepositoriesStayAndTheirRepositoryArrives() throws IOException {
    Path sub = Files.createDirectory(repository.root().resolve("sub"));
    HgRepository.create(sub).write("file", "1").commit("in the subrepository");
    repository.write(".hgsub", "sub = sub\n").hg("add", ".hgsub");
    String node = repository.commit("with a subrepository");
    HgRepository subElsewhere =
        HgRepository.create(Files.createDirectory(elsewhere.root().resolve("sub")));
    assertThat(push()).isTrue();
    assertThat(elsewhere.node("tip")).isEqualTo(node);
    assertThat(subElsewhere.hg("log")).isEmpty();
  }

  @Test
  void bookmarksThereAreLeftAlone() throws IOException {
    draft();
    push();
    elsewhere.hg("bookmark", "--rev=tip", "mine");
    repository.hg("bookmark", "mine");
    repository.write("file", "child").commit("child");
    push();
    assertThat(elsewhere.hg("log", "-T", "{rev}", "-r", "mine")).isEqualTo("1");
    assertThat(elsewhere.hg("log", "-T", "{rev}", "-r", "tip")).isEqualTo("2");
  }

  @Test
  void whereThereIsNoHgItSaysSo() throws IOException {
    draft();
    to = push("/nowhere/hg");
    EnvironmentException failure = catchThrowableOfType(EnvironmentException.class, this::push);
    assertThat(failure.why()).contains("/nowhere/hg", "no suitable response from remote hg");
  }
}
