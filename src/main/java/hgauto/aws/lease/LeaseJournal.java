package hgauto.aws.lease;

import static java.nio.charset.StandardCharsets.UTF_8;

import hgauto.error.EnvironmentException;
import hgauto.state.FileLocks;
import hgauto.state.Folders;
import hgauto.state.PrivateFiles;
import hgauto.state.Reason;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The leases on disk, a folder each, named by its client token: {@code lease.json}, and {@code
 * lock}, which the owner of the lease holds while it lives. A folder gets its name once it is
 * whole, on the disk and locked, and loses it before anything in it goes; so whatever has such a
 * name and is not locked was left behind by its owner. Commands and processes may share a journal.
 */
public final class LeaseJournal {
  private static final Logger LOG = LoggerFactory.getLogger(LeaseJournal.class);

  private static final String RECORD = "lease.json";
  private static final String LOCK = "lock";
  private static final String UNREADABLE = "unreadable";

  /** Before a token, the name of a folder that is being made or removed. */
  private static final String UNFINISHED = ".";

  /** For longer than this nobody makes or removes a folder. */
  private static final Duration FINISHED_WITHIN = Duration.ofHours(1);

  private final Path folder;

  /**
   * @param folder of the state folder, which is there
   */
  public LeaseJournal(Path folder) {
    this.folder = folder;
  }

  /** An entry that nobody else touches until it is closed or removed. */
  final class Claim implements AutoCloseable {
    private final FileLocks.Held lock;
    private LeaseEntry entry;

    private Claim(LeaseEntry entry, FileLocks.Held lock) {
      this.entry = entry;
      this.lock = lock;
    }

    LeaseEntry entry() {
      return entry;
    }

    /** Replaces what the entry holds; it is on the disk when this returns. */
    void update(LeaseEntry now) throws IOException {
      write(path(now.token()), now);
      entry = now;
    }

    /** Removes the entry, and gives it up. */
    void remove() throws IOException {
      Path gone = folder.resolve(UNFINISHED + entry.token());
      Files.move(path(entry.token()), gone, StandardCopyOption.ATOMIC_MOVE);
      PrivateFiles.sync(folder);
      close();
      Folders.delete(gone);
    }

    /** Gives it up; where it was not removed, it is there for the next command. */
    @Override
    public void close() throws IOException {
      lock.close();
    }
  }

  /** Something in the journal that is of no use as it is. */
  record Unreadable(Path where, String why) {}

  /**
   * Makes an entry; it is on the disk, and locked by this process, when this returns.
   *
   * @throws EnvironmentException if that cannot be
   */
  Claim create(LeaseEntry entry) {
    Path unfinished = folder.resolve(UNFINISHED + entry.token());
    try {
      PrivateFiles.createFolder(unfinished);
      FileLocks.Held lock =
          FileLocks.tryLock(unfinished.resolve(LOCK))
              .orElseThrow(() -> new IOException("another process has locked " + unfinished));
      try {
        write(unfinished, entry);
        Files.move(unfinished, path(entry.token()), StandardCopyOption.ATOMIC_MOVE);
        PrivateFiles.sync(folder);
      } catch (IOException e) {
        lock.close();
        throw e;
      }
      return new Claim(entry, lock);
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  /**
   * Takes the entries that nobody holds and that are wanted. Whatever is no lease is moved aside
   * meanwhile, see {@link #unreadable}.
   *
   * @param stuck is given what stays where it is though it cannot be used, such as an entry of
   *     another user; the others are taken all the same
   * @return to be closed or removed by the caller
   * @throws EnvironmentException if the journal cannot be read
   */
  List<Claim> claim(Predicate<LeaseEntry> wanted, Consumer<Unreadable> stuck) {
    List<Path> paths;
    try {
      paths = list(folder);
    } catch (IOException e) {
      throw unusable(e);
    }
    List<Claim> claims = new ArrayList<>();
    boolean whole = false;
    try {
      for (Path path : paths) {
        try {
          claimOrSweep(path, wanted).ifPresent(claims::add);
        } catch (IOException e) {
          LOG.warn("cannot use {}", path, e);
          stuck.accept(new Unreadable(path, Reason.of(e)));
        }
      }
      whole = true;
    } finally {
      if (!whole) {
        claims.forEach(LeaseJournal::giveUp);
      }
    }
    return claims;
  }

  private static void giveUp(Claim claim) {
    try {
      claim.close();
    } catch (IOException e) {
      LOG.warn("cannot give up {}", claim.entry(), e);
    }
  }

  private Optional<Claim> claimOrSweep(Path path, Predicate<LeaseEntry> wanted) throws IOException {
    String name = path.getFileName().toString();
    if (name.startsWith(UNFINISHED + LeaseEntry.TOKEN_PREFIX)) {
      sweep(path);
    } else if (!name.startsWith(UNFINISHED) && !name.equals(UNREADABLE)) {
      return claim(path, wanted);
    }
    return Optional.empty();
  }

  private Optional<Claim> claim(Path path, Predicate<LeaseEntry> wanted) throws IOException {
    try {
      if (!wanted.test(read(path))) {
        return Optional.empty();
      }
    } catch (IOException e) {
      LOG.debug("looked at without its lock: {}", path, e); // with the lock it is looked at again
    }
    if (!Files.isDirectory(path)) {
      if (Files.exists(path)) {
        moveAside(path);
      }
      return Optional.empty();
    }
    Optional<FileLocks.Held> lock;
    try {
      lock = FileLocks.tryLock(path.resolve(LOCK));
    } catch (NoSuchFileException e) {
      return Optional.empty(); // its owner has removed it just now
    }
    if (lock.isEmpty()) {
      return Optional.empty();
    }
    Claim claim = null;
    try {
      LeaseEntry entry = read(path);
      if (wanted.test(entry)) {
        claim = new Claim(entry, lock.get());
      }
    } catch (NoLeaseException e) { // any other failure may pass
      LOG.warn("it is no lease: {}", path, e);
      moveAside(path);
    } finally {
      if (claim == null) {
        lock.get().close();
      }
    }
    return Optional.ofNullable(claim);
  }

  /** What was moved aside and is still there. */
  List<Unreadable> unreadable() {
    List<Unreadable> found = new ArrayList<>();
    Path aside = folder.resolve(UNREADABLE);
    try {
      for (Path path : list(aside)) {
        found.add(new Unreadable(path, whatIsWrong(path)));
      }
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      return List.of(new Unreadable(aside, Reason.of(e)));
    }
    return found;
  }

  private String whatIsWrong(Path path) {
    try {
      read(path);
      return "it could not be read before";
    } catch (IOException e) {
      return Reason.of(e);
    }
  }

  private void moveAside(Path path) throws IOException {
    Path aside = PrivateFiles.createFolder(folder.resolve(UNREADABLE));
    Path to = aside.resolve(path.getFileName());
    for (int i = 2; Files.exists(to); i++) {
      to = aside.resolve(path.getFileName() + "-" + i);
    }
    try {
      Files.move(path, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (NoSuchFileException e) {
      LOG.debug("another command has moved it already: {}", path, e);
    }
  }

  /** Removes what a process left behind that was killed while it made or removed an entry. */
  private static void sweep(Path path) throws IOException {
    try {
      Instant changed = Files.getLastModifiedTime(path).toInstant();
      if (Files.isDirectory(path) && changed.isBefore(Instant.now().minus(FINISHED_WITHIN))) {
        Folders.delete(path);
      }
    } catch (NoSuchFileException e) {
      LOG.debug("it went by itself: {}", path, e);
    }
  }

  private static LeaseEntry read(Path path) throws IOException {
    LeaseEntry entry = LeaseEntry.fromJson(text(path.resolve(RECORD)));
    if (!path.getFileName().toString().equals(entry.token())) {
      throw new NoLeaseException("it has the token of another entry, " + entry.token());
    }
    return entry;
  }

  private static String text(Path record) throws IOException {
    try {
      return Files.readString(record);
    } catch (NoSuchFileException | CharacterCodingException e) {
      throw new NoLeaseException(Reason.of(e), e);
    }
  }

  private static void write(Path path, LeaseEntry entry) throws IOException {
    PrivateFiles.replace(path.resolve(RECORD), entry.toJson().getBytes(UTF_8));
    PrivateFiles.sync(path);
  }

  private static List<Path> list(Path folder) throws IOException {
    List<Path> paths = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      entries.forEach(paths::add);
    }
    paths.sort(null);
    return paths;
  }

  private Path path(String token) {
    return folder.resolve(token);
  }

  private EnvironmentException unusable(IOException e) {
    return new EnvironmentException(
        "cannot use the journal of leases " + folder,
        Reason.of(e),
        "Free some space or mend its permissions, or name another state folder with --state-path.",
        e);
  }
}
