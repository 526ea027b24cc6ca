package hgauto.hg;

import hgauto.error.EnvironmentException;
import hgauto.error.UsageException;
import hgauto.process.LocalProgram;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A Mercurial repository with a working copy on this machine. It is only read. */
public final class Checkout {
  /** How many changesets an error lists when a revision should have been one. */
  private static final int LISTED = 10;

  /** What {@code hg cat} ends with then. */
  private static final int NO_SUCH_FILE = 1;

  private static final String FIELDS =
      "{node}\\0{branch}\\0{author}\\0{phase}\\0{desc}\\0"; // a description never holds a NUL

  private static final String NULL_NODE = "0".repeat(40);
  private static final String WORKING_COPY_NODE = "f".repeat(40);

  /** The files in .hg by which Mercurial itself knows what is under way; see its state.py. */
  private static final List<Map.Entry<String, String>> UNFINISHED =
      List.of(
          Map.entry("rebasestate", "a rebase"),
          Map.entry("histedit-state", "a histedit"),
          Map.entry("graftstate", "a graft"),
          Map.entry("shelvedstate", "an unshelve"),
          Map.entry("evolvestate", "an evolve"),
          Map.entry("transplant/journal", "a transplant"),
          Map.entry("bisect.state", "a bisect"),
          Map.entry("updatestate", "an update"));

  private final Path root;
  private final Hg hg;

  private Checkout(Path root, Hg hg) {
    this.root = root;
    this.hg = hg;
  }

  /**
   * Finds the checkout that a folder lies in.
   *
   * @throws UsageException when it lies in none
   */
  public static Checkout find(Path folder, Hg hg) {
    Path start = folder.toAbsolutePath().normalize();
    for (Path at = start; at != null; at = at.getParent()) {
      if (Files.isDirectory(at.resolve(".hg"))) {
        return new Checkout(at, hg);
      }
    }
    throw new UsageException(
        "not in a Mercurial checkout: " + start,
        Files.isDirectory(start)
            ? "neither this folder nor one above it has a .hg folder"
            : "there is no such folder",
        "Change to your checkout, or name it with --repository.");
  }

  /** Its topmost folder. */
  public Path root() {
    return root;
  }

  /**
   * Looks up the one changeset that a revision names.
   *
   * @param revision anything that Mercurial takes, see {@code hg help revisions}
   * @throws UsageException when it names none or several
   */
  public Changeset resolve(String revision) {
    LocalProgram.Result result =
        hg.attempt(
            root,
            List.of("log", "--rev=" + revision, "--limit=" + (LISTED + 1), "--template=" + FIELDS));
    if (result.exitCode() != 0) {
      throw new UsageException(
          "cannot find revision " + revision + " in " + root, Hg.reason(result), "");
    }
    List<Changeset> found = changesets(result.out());
    if (found.size() != 1) {
      throw notOne(revision, found);
    }
    if (found.get(0).node().equals(WORKING_COPY_NODE)) {
      throw new UsageException(
          "uncommitted changes cannot be submitted",
          revision + " is the working copy",
          "Commit them, and submit that changeset.");
    }
    if (found.get(0).node().equals(NULL_NODE)) {
      throw new UsageException(
          "there is no changeset at revision " + revision + " in " + root,
          "it is the empty revision that stands before the first changeset",
          "Name a changeset with --rev, or update to one.");
    }
    return found.get(0);
  }

  private static List<Changeset> changesets(String printed) {
    String[] fields = printed.split("\0", -1);
    List<Changeset> found = new ArrayList<>();
    for (int at = 0; at + 4 < fields.length; at += 5) {
      found.add(
          new Changeset(
              fields[at], fields[at + 1], fields[at + 2], fields[at + 3], fields[at + 4]));
    }
    return found;
  }

  private static UsageException notOne(String revision, List<Changeset> found) {
    if (found.isEmpty()) {
      return new UsageException(
          "no changeset matches " + revision, "", "Name one changeset with --rev.");
    }
    List<String> lines = new ArrayList<>();
    found.stream()
        .limit(LISTED)
        .forEach(changeset -> lines.add(changeset.shortNode() + "  " + changeset.title()));
    if (found.size() > LISTED) {
      lines.add("… and more");
    }
    return new UsageException(
        "more than one changeset matches " + revision,
        String.join("\n", lines),
        "Name one of them with --rev; its draft ancestors go with it.");
  }

  /** Files whose changes are not committed, relative to the root; unknown files do not count. */
  public List<String> uncommitted() {
    String printed =
        hg.run(
            "cannot read the state of " + root,
            root,
            List.of("status", "--modified", "--added", "--removed", "--deleted", "-n", "--print0"));
    return printed.isEmpty() ? Collections.emptyList() : Arrays.asList(printed.split("\0"));
  }

  /**
   * What somebody has begun here and not brought to its end, such as "a rebase": what is checked
   * out may not be what they take it for.
   *
   * @param changes whether anything is uncommitted; else hg is not asked for a merge
   */
  public Optional<String> unfinished(boolean changes) {
    return UNFINISHED.stream()
        .filter(state -> Files.exists(root.resolve(".hg").resolve(state.getKey())))
        .map(Map.Entry::getValue)
        .findFirst()
        .or(() -> changes && parents().size() > 1 ? Optional.of("a merge") : Optional.empty());
  }

  private List<String> parents() {
    return hg.run(
            "cannot read the state of " + root,
            root,
            List.of("log", "--rev=parents()", "--template={node}\n"))
        .lines()
        .toList();
  }

  /** The nodes of the topmost public changesets; empty where nothing is public. */
  public List<String> publicHeads() {
    return hg.run(
            "cannot list the public changesets of " + root,
            root,
            List.of("log", "--rev=heads(public())", "--template={node}\n"))
        .lines()
        .toList();
  }

  /**
   * Bundles a changeset with its draft ancestors, as {@code gzip-v2}; a public changeset is bundled
   * alone, on its parents.
   *
   * @return the bundle file's content
   * @throws UsageException when the changeset is secret: that phase says not to send it anywhere
   */
  public byte[] bundle(Changeset changeset) {
    refuseSecret(changeset);
    // "or null": a base that matches nothing is an error to hg, and a repository may have nothing
    // public, or the changeset no parents.
    String base =
        changeset.phase().equals("public")
            ? "parents(" + changeset.node() + ") or null"
            : "public() or null";
    return TemporaryFile.written(
        "bundle changeset " + changeset.shortNode(),
        file ->
            hg.run(
                "cannot bundle changeset " + changeset.shortNode() + " of " + root,
                root,
                List.of(
                    "bundle",
                    "--type=gzip-v2",
                    // servers need not know it
                    "--config=experimental.evolution.bundle-obsmarker=false",
                    "--base=" + base,
                    "--rev=" + changeset.node(),
                    file.toString())));
  }

  /**
   * Refuses a changeset that is to stay where it is.
   *
   * @throws UsageException when the changeset is secret: that phase says not to send it anywhere
   */
  public static void refuseSecret(Changeset changeset) {
    if (changeset.phase().equals("secret")) {
      throw new UsageException(
          "changeset " + changeset.shortNode() + " is secret",
          "secret changesets stay in the repository that they were made in",
          "To submit it, make it draft: hg phase --draft --force " + changeset.shortNode());
    }
  }

  /**
   * The content of a file as it is in the changeset, read as UTF-8.
   *
   * @param file relative to the root
   * @return empty if it has no such file
   * @throws EnvironmentException when that cannot be told, as where the repository is damaged
   */
  public Optional<String> file(Changeset changeset, String file) {
    return bytes(changeset, file).map(content -> new String(content, StandardCharsets.UTF_8));
  }

  /** The same as it is, whatever its encoding. */
  public Optional<byte[]> bytes(Changeset changeset, String file) {
    LocalProgram.Result result =
        hg.attempt(root, List.of("cat", "--rev=" + changeset.node(), "path:" + file));
    return switch (result.exitCode()) {
      case 0 -> Optional.of(result.output());
      case NO_SUCH_FILE -> Optional.empty();
      default ->
          throw new EnvironmentException(
              "cannot read " + file + " of changeset " + changeset.shortNode() + " of " + root,
              Hg.reason(result),
              "");
    };
  }

  /** The changeset's tags, local ones too. */
  public List<String> tags(Changeset changeset) {
    return hg.run(
            "cannot read the tags of changeset " + changeset.shortNode(),
            root,
            List.of("log", "--rev=" + changeset.node(), "--template={tags % '{tag}\\n'}"))
        .lines()
        .toList();
  }

  /** The nearest tag of an ancestor, or of the changeset itself, that begins with a digit. */
  public Optional<String> latestTag(Changeset changeset) {
    return hg.run(
            "cannot read the tags before changeset " + changeset.shortNode(),
            root,
            List.of(
                "log",
                "--rev=" + changeset.node(),
                "--template={latesttag(r're:^[0-9]') % '{tag}\\n'}"))
        .lines()
        .filter(tag -> !tag.equals("null")) // what hg calls none
        .findFirst();
  }

  /**
   * The files in a folder as it is in the changeset, without those in folders below it.
   *
   * @param folder relative to the root
   * @return relative to the root
   */
  public List<String> files(Changeset changeset, String folder) {
    LocalProgram.Result result =
        hg.attempt(
            root,
            List.of("files", "--rev=" + changeset.node(), "--print0", "rootfilesin:" + folder));
    return result.out().isEmpty() ? List.of() : List.of(result.out().split("\0"));
  }

  /**
   * Pushes a changeset, and the public ones that set tags, to a repository elsewhere.
   *
   * @param ready when the repository is there; hg, whose start takes a while, is started before
   * @return false if all of it was there already
   * @throws UsageException when the changeset is secret
   * @throws EnvironmentException when it cannot be pushed; it says hg's reason
   */
  public boolean push(Changeset changeset, Push to, CompletableFuture<Void> ready) {
    refuseSecret(changeset);
    return to.run(hg, root, changeset, ready);
  }

  /**
   * What is not committed, as a patch that {@code hg import} takes on top of the working copy's
   * parent, with the name of whoever would commit it. As for a commit, unknown and missing files do
   * not count.
   *
   * @param on the changeset that it is for
   * @return empty if there are no such changes
   * @throws UsageException when the working copy's parent is another one, or there are two
   */
  public byte[] uncommittedPatch(Changeset on) {
    List<String> parents = parents();
    if (parents.size() > 1) {
      throw new UsageException(
          "a merge that is not committed cannot be sent",
          "the working copy of " + root + " has two parents",
          "Commit the merge first.");
    }
    if (!parents.contains(on.node())) {
      throw new UsageException(
          "uncommitted changes can only be sent on top of the changeset that they were made on",
          "changeset " + on.shortNode() + " is not the working copy's parent",
          "Leave out --rev, or update to that changeset.");
    }
    byte[] patch =
        TemporaryFile.written(
            "read the uncommitted changes of " + root,
            file ->
                hg.run(
                    "cannot read the uncommitted changes of " + root,
                    root,
                    List.of("export", "--git", "--rev=wdir()", "--output=" + forFormat(file))));
    boolean changes =
        new String(patch, StandardCharsets.ISO_8859_1)
            .lines()
            .anyMatch(line -> line.startsWith("diff --git "));
    return changes ? patch : new byte[0];
  }

  /** In the name of an output file {@code %} begins a format. */
  private static String forFormat(Path file) {
    return file.toString().replace("%", "%%");
  }
}
