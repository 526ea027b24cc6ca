package hgauto.release;

import hgauto.error.EnvironmentException;
import hgauto.error.UsageException;
import hgauto.state.FileLocks;
import hgauto.state.Folders;
import hgauto.state.PrivateFiles;
import hgauto.state.Reason;
import hgauto.state.WholeFile;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder {@code dist} of a checkout, to which the packages of one version come. A package
 * stands under its name when it is whole and compared, and not before; the manifest names it from
 * then on. What is on its way is in a folder of its own in there. The folder is this process's
 * alone, for this version, until it is closed. Safe for use by several threads.
 */
public final class Dist implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Dist.class);

  private final Path folder;
  private final MercurialVersion version;
  private final FileLocks.Held lock;
  private Manifest manifest;
  private boolean closed;

  private Dist(Path folder, MercurialVersion version, FileLocks.Held lock, Manifest manifest) {
    this.folder = folder;
    this.version = version;
    this.lock = lock;
    this.manifest = manifest;
  }

  /**
   * Takes the folder, and makes it if it is not there.
   *
   * @param checkout the topmost folder of the checkout
   * @param node what packages are built from, 40 hexadecimal digits
   * @param anew whether packages of another changeset are to be forgotten
   * @throws UsageException if the manifest is of another changeset, and {@code anew} is false; or
   *     is none, is of another version or names a file twice
   * @throws EnvironmentException if another process has it, or it cannot be used
   */
  public static Dist open(Path checkout, MercurialVersion version, String node, boolean anew) {
    Path folder = checkout.resolve("dist");
    FileLocks.Held lock = lock(folder, version);
    boolean done = false;
    try {
      makeEmpty(parts(folder, version));
      Path manifestFile = folder.resolve(Manifest.fileName(version));
      Optional<Manifest> recorded = Manifest.of(folder, version);
      if (recorded.isPresent() && !anew && !recorded.get().node().equals(node)) {
        throw new UsageException(
            "changeset " + shortened(node) + " cannot be built as version " + version,
            manifestFile + " has packages of changeset " + shortened(recorded.get().node()),
            "Say another --version, or --rebuild, by which those are forgotten.");
      }
      Dist dist =
          new Dist(
              folder,
              version,
              lock,
              recorded
                  .filter(manifest -> manifest.node().equals(node))
                  .orElse(new Manifest(version.text(), node, List.of())));
      done = true;
      return dist;
    } finally {
      if (!done) {
        unlock(folder, version, lock);
      }
    }
  }

  /**
   * Keeps others from building or publishing that version, until it is closed.
   *
   * @param folder {@code dist} of a checkout
   * @throws EnvironmentException if another process does that, or the folder cannot be used
   */
  public static Hold hold(Path folder, MercurialVersion version) {
    return new Hold(folder, version, lock(folder, version));
  }

  /** The folder is this process's, for one version, and nothing comes to it. */
  public static final class Hold implements AutoCloseable {
    private final Path folder;
    private final MercurialVersion version;
    private final FileLocks.Held lock;

    private Hold(Path folder, MercurialVersion version, FileLocks.Held lock) {
      this.folder = folder;
      this.version = version;
      this.lock = lock;
    }

    /** The folder. */
    public Path folder() {
      return folder;
    }

    @Override
    public void close() {
      unlock(folder, version, lock);
    }
  }

  /** Whatever is in there is of a run that was killed. */
  private static void makeEmpty(Path parts) {
    try {
      Folders.delete(parts);
      Files.createDirectory(parts);
    } catch (IOException e) {
      throw unusable(parts, e);
    }
  }

  private static EnvironmentException unusable(Path folder, IOException e) {
    return new EnvironmentException(
        "cannot use " + folder, Reason.of(e), "Free some space or mend its permissions.", e);
  }

  private static String shortened(String node) {
    return node.substring(0, 12);
  }

  private static FileLocks.Held lock(Path folder, MercurialVersion version) {
    if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS) && !Files.isDirectory(folder)) {
      throw new EnvironmentException(
          "cannot use " + folder, "it is no folder, nor a link to one", "Move it away.");
    }
    try {
      Files.createDirectories(folder);
      return FileLocks.tryLock(lockFile(folder, version))
          .orElseThrow(
              () ->
                  new EnvironmentException(
                      "cannot use version " + version + " in " + folder,
                      "another hgauto is building or publishing it",
                      "Wait until it is done, or end it."));
    } catch (IOException e) {
      throw unusable(folder, e);
    }
  }

  /** The file with the manifest, which is there once a package is. */
  public Path manifestFile() {
    return folder.resolve(Manifest.fileName(version));
  }

  /** What it records now. */
  public synchronized Manifest manifest() {
    return manifest;
  }

  /** The artifact of that name if the manifest has it, and the file is just as it says. */
  public Optional<Artifact> whole(String name) {
    Path file = folder.resolve(name);
    return manifest()
        .artifact(name)
        .filter(artifact -> difference(file, artifact.size(), artifact.sha256()).isEmpty());
  }

  /** Where a package is written to before it gets its name. */
  public Path unfinished(String name) {
    return parts(folder, version).resolve(name);
  }

  /**
   * Gives a package its name, and records it.
   *
   * @throws EnvironmentException if {@link #unfinished} is not as the artifact says; then a package
   *     that had the name is still there. Also if the folder cannot be written
   */
  public synchronized void add(Artifact artifact) {
    Path unfinished = unfinished(artifact.name());
    difference(unfinished, artifact.size(), artifact.sha256())
        .ifPresent(
            why -> {
              throw new EnvironmentException(
                  artifact.name() + " has not come as it was sent", why, "");
            });
    Manifest more = manifest.with(artifact);
    try {
      Files.move(
          unfinished,
          folder.resolve(artifact.name()),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
      write(more.bytes());
      PrivateFiles.sync(folder);
    } catch (IOException e) {
      throw new EnvironmentException(
          "cannot keep " + artifact.name() + " in " + folder,
          Reason.of(e),
          "Free some space or mend its permissions, and run the command again.",
          e);
    }
    manifest = more;
  }

  /** Removes what has come of a package that is given up. */
  public void discard(String name) {
    try {
      Files.deleteIfExists(unfinished(name));
    } catch (IOException e) {
      LOG.warn("{} is left", unfinished(name), e);
    }
  }

  private static Optional<String> difference(Path file, long size, String sha256) {
    try {
      if (Files.notExists(file)) {
        return Optional.of("it is not there");
      }
      if (Files.size(file) != size) {
        return Optional.of(Files.size(file) + " bytes are here, " + size + " were expected");
      }
      String here = Sha256.of(file);
      return here.equals(sha256)
          ? Optional.empty()
          : Optional.of("its SHA-256 is " + here + ", " + sha256 + " was expected");
    } catch (IOException e) {
      return Optional.of(Reason.of(e));
    }
  }

  /** Everybody may read it whom the user lets; a reader sees the old one or the new one, whole. */
  private void write(byte[] content) throws IOException {
    WholeFile.replace(manifestFile(), content, unfinished(Manifest.fileName(version)));
  }

  /**
   * Removes what is on its way, and the folder if nothing else is in there, and gives it up;
   * nothing comes to it any more. Only the first time counts, so that it can be done early, as by
   * Ctrl-C.
   */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      unlock(folder, version, lock);
    }
  }

  private static void unlock(Path folder, MercurialVersion version, FileLocks.Held lock) {
    try (lock) {
      Folders.delete(parts(folder, version));
      Files.deleteIfExists(lockFile(folder, version));
      if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) { // a link is the person's
        Files.delete(folder); // which it can be only where nothing is in there
      }
    } catch (DirectoryNotEmptyException e) {
      LOG.debug("there is something in {}", folder);
    } catch (IOException e) {
      LOG.debug("they may stay, and the lock goes with the process", e);
    }
  }

  /** Where is what is on its way; nobody else touches it while we hold that version. */
  static Path parts(Path folder, MercurialVersion version) {
    return folder.resolve(".hgauto-" + version);
  }

  private static Path lockFile(Path folder, MercurialVersion version) {
    return folder.resolve(".hgauto-" + version + ".lock");
  }
}
