package hgauto.tryserver;

import hgauto.error.EnvironmentException;
import hgauto.hg.Hg;
import hgauto.state.Folders;
import hgauto.state.PrivateFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's own clone of the repository that submissions build on. Only Mercurial writes to it,
 * so its locks let several servers share it.
 */
final class ServerClone {
  /**
   * Where the clone comes from.
   *
   * @param location a URL or path that {@code hg clone} takes
   * @param revisions what to pull, asked anew each time; an empty list is everything
   */
  record Source(String location, Supplier<List<String>> revisions) {
    /** The location for people, without the password that a URL can have. */
    String shown() {
      return location.replaceFirst("(?<=://)[^/@]+@", "");
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(ServerClone.class);

  private final Hg hg;
  private final Source source;
  private final Path parent;
  private final Path folder;

  /**
   * @param parent holds the clones, one for each source
   */
  ServerClone(Hg hg, Source source, Path parent) {
    this.hg = hg;
    this.source = source;
    this.parent = parent;
    this.folder = parent.resolve(key(source.location()));
  }

  private static String key(String location) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(location.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /**
   * Makes the clone, unless it is there.
   *
   * @throws EnvironmentException when the source cannot be read
   */
  void prepare() throws IOException {
    PrivateFiles.createFolder(parent);
    removeAbandoned();
    if (!Files.isDirectory(folder)) {
      cloneSource();
    }
  }

  /**
   * Brings the clone up to date.
   *
   * @throws EnvironmentException when the source cannot be read
   */
  void refresh() {
    if (Files.exists(folder.resolve(".hg/store/journal"))) {
      recover();
    }
    List<String> arguments = new ArrayList<>(List.of("pull", "--quiet"));
    source.revisions().get().forEach(node -> arguments.add("--rev=" + node));
    arguments.add(source.location());
    hg.run("cannot pull from " + source.shown(), folder, arguments);
  }

  /** Takes back what a machine that went down had half written; waits for one that is at work. */
  private void recover() {
    try {
      hg.withoutUserConfig().run("cannot recover " + folder, folder, List.of("recover"));
    } catch (EnvironmentException e) {
      LOG.info("{}: {}", e.what(), e.why()); // there was nothing left to recover
    }
  }

  private void cloneSource() throws IOException {
    Path fresh = parent.resolve(folder.getFileName() + ".new-" + UUID.randomUUID());
    try {
      hg.run(
          "cannot clone " + source.shown(),
          parent,
          List.of("clone", "--quiet", "--noupdate", source.location(), fresh.toString()));
      Files.move(fresh, folder);
    } catch (FileAlreadyExistsException e) {
      LOG.debug("another server was quicker, and its clone is as good", e);
    } finally {
      Folders.delete(fresh);
    }
  }

  /** What servers that died in mid-clone have left; hg itself gives up after an hour. */
  private void removeAbandoned() throws IOException {
    Instant old = Instant.now().minus(Duration.ofHours(2));
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(parent, "*.new-*")) {
      for (Path entry : entries) {
        if (Files.getLastModifiedTime(entry).toInstant().isBefore(old)) {
          Folders.delete(entry);
        }
      }
    }
  }

  /**
   * Adds a bundle's changesets.
   *
   * @param node must be one of them
   * @throws RejectedException when the bundle is broken, builds on changesets that are not here, or
   *     lacks the node
   */
  void add(Path bundle, String node) throws RejectedException {
    List<String> inBundle;
    try {
      // The bundle laid over the clone without changing it: that the header and the changesets can
      // be read and their parents are known shows here; revset "bundle()" is what it brings.
      inBundle =
          hg.withoutUserConfig()
              .run(
                  "",
                  folder,
                  List.of("-R", bundle.toString(), "log", "--rev=bundle()", "-T{node}\n"))
              .lines()
              .toList();
    } catch (EnvironmentException e) {
      throw new RejectedException("the bundle does not fit this server's clone: " + e.why());
    }
    if (!inBundle.contains(node)) {
      throw new RejectedException("the bundle does not contain changeset " + node);
    }
    try {
      hg.withoutUserConfig().run("", folder, List.of("unbundle", "--quiet", bundle.toString()));
    } catch (EnvironmentException e) {
      throw new RejectedException("the bundle cannot be applied: " + e.why());
    }
  }

  /** Makes a fresh clone at {@code to} with the changeset checked out. */
  void checkOut(String node, Path to) {
    Hg plain = hg.withoutUserConfig();
    plain.run(
        "cannot clone for changeset " + node,
        folder,
        List.of("clone", "--quiet", "--noupdate", ".", to.toString()));
    plain.run(
        "cannot check out changeset " + node,
        to,
        // A submission must not make the server fetch whatever its subrepositories name.
        List.of("update", "--quiet", "--config=subrepos.allowed=false", "--rev=" + node));
  }
}
