package hgauto.release;

import hgauto.error.EnvironmentException;
import hgauto.error.RemoteWorkException;
import hgauto.machine.FileThereException;
import hgauto.machine.RemoteStat;
import hgauto.machine.SshMachine;
import hgauto.machine.SshMachine.Upload;
import hgauto.machine.TransferProgress;
import hgauto.machine.UserLogin;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The folder that a web site's visitors download releases from, as those see it who may change it.
 * A file gets its name there when it is whole and verified, and is never changed from then on; only
 * {@code latest.dat} is replaced.
 */
public final class Site implements AutoCloseable {
  /** Where the site is. */
  public static final String HOST = "mercurial-scm.org";

  /** The folder there. */
  public static final String FOLDER = "/var/www/release/windows/";

  /** Where visitors find the folder, which is what {@code latest.dat} offers. */
  public static final URI PUBLIC = URI.create("https://mercurial-scm.org/release/windows/");

  /** The file by which the site offers a visitor an installer. */
  public static final String LATEST = "latest.dat";

  /** What {@link SshMachine#create} calls a file before it is whole. */
  static final String UNFINISHED = ".hgauto-";

  /** The group of those who publish may change it; visitors may read it. */
  static final int MODE = 0664;

  /** How much is read of what may be anything, in bytes: latest.dat, and the lock. */
  static final int LONGEST = 1 << 20;

  private static final int ATTEMPTS = 2;
  private static final Duration CONNECTED_WITHIN = Duration.ofSeconds(30);
  private static final TransferProgress UNSEEN = (remote, bytes, of) -> {};

  private final SshMachine machine;
  private final String folder;

  /**
   * @param machine is closed with this
   * @param folder there, as an absolute path
   */
  public Site(SshMachine machine, String folder) {
    this.machine = machine;
    this.folder = folder.endsWith("/") ? folder : folder + "/";
  }

  /**
   * How to get there.
   *
   * @param host a name, or one that the person's ssh_config has
   * @param port what ssh_config says unless this is there
   * @param user the same for the account
   * @param folder there, as an absolute path
   */
  public record Address(
      String host, Optional<Integer> port, Optional<String> user, String folder) {}

  /**
   * Connects as the person's own {@code ssh} would.
   *
   * @param environment the person's
   * @throws EnvironmentException if that is not possible; see {@link UserLogin#connect}
   */
  public static Site connect(Address address, Map<String, String> environment)
      throws InterruptedException {
    return new Site(
        UserLogin.connect(
            address.host(), address.port(), address.user(), environment, CONNECTED_WITHIN),
        address.folder());
  }

  /**
   * What is there.
   *
   * @param names of all files, with those that no visitor is told of
   * @param hashes the SHA-256 of those that were asked for and are files, by name
   * @param latest empty if there is no file {@code latest.dat}
   * @param lock empty if nobody is publishing, or that is no file
   */
  public record State(
      Set<String> names,
      Map<String, String> hashes,
      Optional<LatestDat> latest,
      Optional<SiteLock> lock) {
    /** Which names are those of something else than files, such as folders, or links to nothing. */
    public List<String> noFiles(Collection<String> wanted) {
      return wanted.stream()
          .filter(names::contains)
          .filter(name -> !hashes.containsKey(name))
          .sorted()
          .toList();
    }
  }

  /**
   * Looks; nothing is changed.
   *
   * @param wanted the names of the files whose hashes are to be known
   * @throws EnvironmentException if the folder is not there, or cannot be read
   */
  public State look(Collection<String> wanted) throws InterruptedException {
    Map<String, RemoteStat> there = machine.list(folder);
    Set<String> files = new TreeSet<>(there.keySet()); // to open a pipe would last for ever
    files.removeIf(name -> !there.get(name).regular());
    return new State(
        there.keySet(),
        hashes(wanted.stream().filter(files::contains).sorted().toList()),
        files.contains(LATEST) ? latest().read() : Optional.empty(),
        files.contains(SiteLock.NAME) ? lockFile().read() : Optional.empty());
  }

  private Map<String, String> hashes(List<String> names) throws InterruptedException {
    Map<String, String> hashes = new TreeMap<>();
    machine
        .sha256(names.stream().map(this::path).toList(), UNSEEN)
        .forEach((path, sha256) -> hashes.put(path.substring(folder.length()), sha256));
    return hashes;
  }

  private LatestFile latest() {
    return new LatestFile(machine, folder, toString());
  }

  private LockFile lockFile() {
    return new LockFile(machine, folder, toString());
  }

  /**
   * Finds out, as far as can be without writing, whether it can be changed as it has to be.
   *
   * @throws EnvironmentException if not
   */
  public void checkWritable() throws InterruptedException {
    new SiteAccess(machine, folder).check(toString());
  }

  /**
   * The same for what a plan is to rename or replace, once we have the lock, for whose that is
   * tells which account ours is.
   *
   * @param state as it is now
   * @throws EnvironmentException if it cannot be changed so
   */
  public void checkOwners(State state, SiteLock mine, PublishPlan plan)
      throws InterruptedException {
    if (state.lock().equals(Optional.of(mine))) {
      new SiteAccess(machine, folder).checkOwners(toString(), state, plan);
    }
  }

  /**
   * Keeps others who use hgauto from changing it, until {@link #unlock}. A lock that is recorded in
   * the same {@code dist} is of a killed run, and is taken over.
   *
   * @throws EnvironmentException if somebody else has it, or the folder cannot be written
   */
  public void lock(SiteLock mine) throws InterruptedException {
    lockFile().make(mine);
  }

  /**
   * Makes sure that nobody has taken the lock from us, by hand or otherwise.
   *
   * @throws EnvironmentException if so
   */
  public void checkLocked(SiteLock mine) throws InterruptedException {
    lockFile().check(mine);
  }

  /**
   * Refuses to go on where somebody else is publishing.
   *
   * @throws EnvironmentException if so
   */
  public void checkUnlocked(State state, SiteLock mine) {
    if (state.names().contains(SiteLock.NAME) && !RecordedLocks.of(mine).have(state.lock())) {
      throw lockFile().refused(state.lock());
    }
  }

  /**
   * What killed runs have left of their files there, which no visitor sees.
   *
   * @param names of the files
   * @param wanted what is gone on with
   */
  static List<String> leftovers(Set<String> there, Collection<String> names, Set<String> wanted) {
    return there.stream()
        .filter(
            name ->
                name.startsWith(UNFINISHED)
                    || names.stream().anyMatch(file -> SiteFile.isPartOf(name, file)))
        .filter(name -> !wanted.contains(name))
        .toList();
  }

  /** Removes some of what {@link State#names} has. */
  public void remove(List<String> names) throws InterruptedException {
    for (String name : names) {
      machine.remove(path(name));
    }
  }

  /**
   * Sends files, several at a time, under names that no visitor is told of, and compares what has
   * arrived. What a run that failed has sent is not sent again.
   *
   * @param sent is told of a file's name, how many bytes of it are sent
   * @param read the same of what is read again to be compared
   * @throws EnvironmentException if one has not come whole
   */
  public void stage(List<SiteFile> files, TransferProgress sent, TransferProgress read)
      throws InterruptedException {
    Map<String, SiteFile> byPath =
        files.stream().collect(Collectors.toMap(file -> path(file.part()), Function.identity()));
    List<SiteFile> wrong = files;
    for (int attempt = 0; !wrong.isEmpty(); attempt++) {
      if (attempt == ATTEMPTS) {
        throw new EnvironmentException(
            "what was sent to " + this + " is not what has arrived",
            "the SHA-256 is another of " + names(wrong),
            "Look whether packages in dist are being changed, and run the command again.");
      }
      machine.uploadRest(
          wrong.stream().map(file -> new Upload(file.local(), path(file.part()), MODE)).toList(),
          (remote, bytes, of) -> sent.sent(byPath.get(remote).name(), bytes, of));
      Map<String, String> arrived =
          machine.sha256(
              wrong.stream().map(file -> path(file.part())).toList(),
              (remote, bytes, of) -> read.sent(byPath.get(remote).name(), bytes, of));
      wrong =
          wrong.stream()
              .filter(file -> !file.sha256().equals(arrived.get(path(file.part()))))
              .toList();
      remove(wrong.stream().map(SiteFile::part).toList()); // one of its full size is not sent again
    }
  }

  private static String names(List<SiteFile> files) {
    return files.stream().map(SiteFile::name).collect(Collectors.joining(", "));
  }

  /**
   * Makes sure that what was staged is still what it was, for all who publish can write there.
   *
   * @throws EnvironmentException if not
   */
  public void checkStaged(List<SiteFile> files) throws InterruptedException {
    Map<String, String> now = hashes(files.stream().map(SiteFile::part).toList());
    List<SiteFile> changed =
        files.stream().filter(file -> !file.sha256().equals(now.get(file.part()))).toList();
    if (!changed.isEmpty()) {
      throw new EnvironmentException(
          "what was sent to " + this + " has been changed there since it was verified",
          "the SHA-256 is another of " + names(changed),
          "Find out who did that. The same command sends it anew.");
    }
  }

  /**
   * Gives a staged file its name, under which visitors find it.
   *
   * @throws RemoteWorkException if there is another file of that name by now
   */
  public void reveal(SiteFile file) throws InterruptedException {
    try {
      machine.rename(path(file.part()), path(file.name()));
    } catch (FileThereException e) {
      if (!file.sha256().equals(hashes(List.of(file.name())).get(file.name()))) {
        throw new RemoteWorkException(
            "cannot publish " + file.name() + " in " + this,
            "somebody has put another file of that name there meanwhile",
            "Find out who, and whose is right. A public file is never replaced.");
      }
      machine.remove(path(file.part()));
    }
  }

  /**
   * Makes sure that nothing but files has the names of files, and that {@code latest.dat} can be
   * replaced if it is there.
   *
   * @param wanted what {@code state} has the hashes of
   * @throws EnvironmentException if something has
   */
  public void checkFiles(State state, Collection<String> wanted) throws InterruptedException {
    List<String> others = new ArrayList<>(state.noFiles(wanted));
    if (state.names().contains(LATEST) && state.latest().isEmpty()) {
      others.add(LATEST);
    }
    if (!others.isEmpty()) {
      throw new EnvironmentException(
          "cannot publish in " + this,
          String.join(", ", others)
              + ": that is no file there, but a folder, a link to nothing or the like",
          "Look what it is, and have it moved away. Nothing is changed.");
    }
    if (state.latest().isPresent()) {
      latest().checkIsNoLink();
    }
  }

  /** Sends what {@link #replaceLatest} is to put in place. */
  public void stageLatest(LatestDat next) throws InterruptedException {
    latest().stage(next);
  }

  static String latestPart(LatestDat next) {
    return SiteFile.partOf(LATEST, next.sha256());
  }

  /**
   * Replaces {@code latest.dat} at once by what is staged.
   *
   * @param seen what it is to replace
   * @throws EnvironmentException if that is not what is there. Who changes it between this look and
   *     the replacement, which is a round trip, and does not heed the lock, loses the change
   */
  public void replaceLatest(LatestDat next, Optional<LatestDat> seen) throws InterruptedException {
    latest().replace(next, seen);
  }

  /**
   * Lets others change it; a lock that is no longer ours is theirs. One of a killed run that was
   * not taken over goes, too.
   */
  public void unlock(SiteLock mine) throws InterruptedException {
    lockFile().remove(mine);
  }

  private String path(String name) {
    return folder + name;
  }

  /** For a person: "mercurial-scm.org:/var/www/release/windows/". */
  @Override
  public String toString() {
    return machine.address().host() + ":" + folder;
  }

  @Override
  public void close() {
    machine.close();
  }
}
