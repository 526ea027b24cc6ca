package hgauto.testbed;

import hgauto.hg.Hg;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A real Mercurial repository for a test. No configuration of whoever runs the test is read, and
 * dates are fixed, so that the same steps make the same nodes.
 */
public final class HgRepository {
  private final Path root;
  private final Hg hg;

  private HgRepository(Path root, Hg hg) {
    this.root = root;
    this.hg = hg;
  }

  /** Makes an empty repository in a folder that is there. */
  public static HgRepository create(Path root) {
    HgRepository made =
        new HgRepository(root, new Hg(Requires.program("hg").toString()).withoutUserConfig());
    made.hg("init");
    return made;
  }

  /** Clones a repository of this machine into a folder that is not there yet. */
  public static HgRepository cloneOf(Path source, Path root) {
    Hg hg = new Hg(Requires.program("hg").toString()).withoutUserConfig();
    hg.run(
        "cannot clone " + source,
        source,
        List.of("clone", "--quiet", source.toString(), root.toString()));
    return new HgRepository(root, hg);
  }

  /** The repository's topmost folder. */
  public Path root() {
    return root;
  }

  /** Runs hg in it and returns what it printed. */
  public String hg(String... arguments) {
    List<String> all = new ArrayList<>(List.of("--config=ui.username=Ann <ann@example.org>"));
    all.addAll(List.of(arguments));
    return hg.run("hg " + all, root, all);
  }

  /** Writes a file, making the folders that it needs. */
  public HgRepository write(String file, String content) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, content);
    return this;
  }

  /** Commits all that was changed, and returns the new changeset's node. */
  public String commit(String message) {
    hg("commit", "--addremove", "--quiet", "--date=0 0", "--message=" + message);
    return node(".");
  }

  /** The node of a revision. */
  public String node(String revision) {
    return hg("log", "--rev=" + revision, "--template={node}");
  }
}
