package hgauto.tryserver;

import hgauto.state.FileLocks;
import hgauto.state.Folders;
import hgauto.state.PrivateFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runs on disk, one folder each: {@code run.json}, {@code tests.json}, {@code log.txt}, the
 * page {@code index.html}, and {@code lock}, which whoever carries the run out holds locked.
 * Several servers may share the folder. Nothing is cached, so what is read is always what is there.
 */
final class RunStore {
  private static final Logger LOG = LoggerFactory.getLogger(RunStore.class);

  private final Path folder;

  /**
   * @param folder holds the runs, and is made when it is missing
   */
  RunStore(Path folder) throws IOException {
    this.folder = PrivateFiles.createFolder(folder);
  }

  /**
   * How many finished runs are kept. It is a setting of the folder, since several servers share it.
   *
   * @param chosen is remembered from now on; null for what was chosen before, or else {@code
   *     byDefault}
   */
  int keepRuns(Integer chosen, int byDefault) throws IOException {
    Path file = folder.resolveSibling("keep-runs");
    if (chosen != null) {
      PrivateFiles.replace(file, chosen.toString().getBytes(StandardCharsets.UTF_8));
      return chosen;
    }
    if (Files.notExists(file)) {
      return byDefault;
    }
    try {
      return Integer.parseInt(Files.readString(file).strip());
    } catch (NumberFormatException e) {
      LOG.warn("{} holds no number, so nothing is removed", file, e);
      return Integer.MAX_VALUE;
    }
  }

  /** Takes the next free id and makes the run's folder. */
  Claim create() throws IOException {
    for (long id = ids().stream().mapToLong(Long::longValue).max().orElse(0) + 1; ; id++) {
      try {
        Files.createDirectory(folder(id));
        Optional<FileLocks.Held> lock = lock(id);
        if (lock.isPresent()) {
          return new Claim(id, lock.get());
        }
      } catch (FileAlreadyExistsException | NoSuchFileException e) {
        LOG.debug("another server took or removed run {} just now", id, e);
      }
    }
  }

  /** A run that this process carries out; nobody else touches it until this is closed. */
  record Claim(long id, FileLocks.Held lock) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      lock.close();
    }
  }

  /** Everything of the run is in here. */
  Path folder(long id) {
    return folder.resolve(Long.toString(id));
  }

  Path logFile(long id) {
    return folder(id).resolve("log.txt");
  }

  /** What building printed. */
  Path buildLogFile(long id) {
    return folder(id).resolve("build.txt");
  }

  /** The end of the log so far. */
  LogTail logTail(long id) throws IOException {
    return LogTail.of(logFile(id));
  }

  Path pageFile(long id) {
    return folder(id).resolve("index.html");
  }

  void save(Run run) throws IOException {
    PrivateFiles.replace(
        folder(run.id()).resolve("run.json"), RunJson.write(run).getBytes(StandardCharsets.UTF_8));
  }

  void saveTests(Run run, List<TestResult> tests) throws IOException {
    PrivateFiles.replace(
        folder(run.id()).resolve("tests.json"),
        RunJson.write(run, tests).getBytes(StandardCharsets.UTF_8));
  }

  void savePage(long id, String html) throws IOException {
    PrivateFiles.replace(pageFile(id), html.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Makes the folder for the run's working copy, and remembers it for {@link #adoptOrphans}.
   *
   * @return its real path
   */
  Path createWorkFolder(long id, Path parent) throws IOException {
    Path work = Files.createTempDirectory(parent.toRealPath(), workPrefix(id));
    try {
      PrivateFiles.replace(workFile(id), work.toString().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      Files.delete(work);
      throw e;
    }
    return work;
  }

  /** Removes the run's working copy, if there is one. */
  void deleteWorkFolder(long id) throws IOException {
    if (Files.exists(workFile(id))) {
      String work = Files.readString(workFile(id));
      if (!work.matches("(/.*)?/" + workPrefix(id) + "[0-9]+")) {
        throw new IOException(workFile(id) + " does not name a working copy of ours");
      }
      Folders.delete(Path.of(work));
      Files.delete(workFile(id));
    }
  }

  private Path workFile(long id) {
    return folder(id).resolve("work");
  }

  private static String workPrefix(long id) {
    return "hgauto-try-" + id + "-";
  }

  void saveSignature(long id, String signature) throws IOException {
    PrivateFiles.replace(
        folder(id).resolve("signature"), signature.getBytes(StandardCharsets.UTF_8));
  }

  /** The run that was submitted with this signature since {@code since}, if any. */
  Optional<Run> submittedWith(String signature, Instant since) throws IOException {
    for (Run run : list()) {
      Path file = folder(run.id()).resolve("signature");
      if (run.submitted().isAfter(since)
          && Files.isRegularFile(file)
          && Files.readString(file).equals(signature)) {
        return Optional.of(run);
      }
    }
    return Optional.empty();
  }

  /** The run, or empty where there is none of that id. One that cannot be read is logged. */
  Optional<Run> find(long id) {
    try {
      return Optional.of(RunJson.read(Files.readString(folder(id).resolve("run.json"))));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      LOG.warn("cannot read run {}", id, e);
      return Optional.empty();
    }
  }

  /** The report, empty before there is one. */
  List<TestResult> tests(long id) throws IOException {
    Path file = folder(id).resolve("tests.json");
    return Files.isRegularFile(file) ? RunJson.readTests(Files.readString(file)) : List.of();
  }

  /** All runs, newest first. One that cannot be read is logged and left out. */
  List<Run> list() throws IOException {
    return ids().stream()
        .sorted(Comparator.reverseOrder())
        .map(this::find)
        .flatMap(Optional::stream)
        .toList();
  }

  /**
   * Clears up after servers that died: marks the runs interrupted that were waiting or under way,
   * and removes their working copies and the submissions that had not become a run yet.
   */
  void adoptOrphans(Instant now) throws IOException {
    for (long id : ids()) {
      Path folder = folder(id);
      Optional<Run> run = find(id);
      boolean settled =
          run.isPresent() && run.get().status().isFinal() && !Files.exists(workFile(id));
      boolean unreadable = run.isEmpty() && Files.exists(folder.resolve("run.json"));
      Optional<FileLocks.Held> lock = settled || unreadable ? Optional.empty() : lock(id);
      if (lock.isPresent()) {
        try (FileLocks.Held held = lock.get()) {
          LOG.info("run {} lost its server; {}", id, held);
          adopt(id, now);
        }
      }
    }
  }

  private void adopt(long id, Instant now) throws IOException {
    Optional<Run> run = find(id); // anew: its server may have ended in order meanwhile
    if (run.isEmpty()) {
      delete(id);
      return;
    }
    if (!run.get().status().isFinal()) {
      save(run.get().interrupted(now, "the server died while the run was under way"));
    }
    try {
      deleteWorkFolder(id);
    } catch (IOException e) {
      // Its processes may be at their last breath in there. The next start tries again.
      LOG.warn("cannot remove the working copy of run {}", id, e);
    }
  }

  /**
   * Removes the oldest finished runs beyond the newest {@code keep}.
   *
   * @param before only those that were submitted before this; the signatures of later ones count
   */
  void prune(int keep, Instant before) throws IOException {
    for (Run run : list().stream().filter(r -> r.status().isFinal()).skip(keep).toList()) {
      if (run.submitted().isBefore(before)) {
        LOG.info("remove old run {}", run.id());
        delete(run.id());
      }
    }
  }

  /** Removes a run and all that belongs to it. */
  void delete(long id) throws IOException {
    Folders.delete(folder(id));
  }

  private List<Long> ids() throws IOException {
    List<Long> ids = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        if (entry.getFileName().toString().matches("[1-9][0-9]{0,17}")) {
          ids.add(Long.valueOf(entry.getFileName().toString()));
        }
      }
    }
    return ids;
  }

  /** Locks the run, or returns empty when its server holds it, here or in another process. */
  private Optional<FileLocks.Held> lock(long id) throws IOException {
    return FileLocks.tryLock(folder(id).resolve("lock"));
  }
}
