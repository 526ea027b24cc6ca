package hgauto.release;

import hgauto.error.EnvironmentException;
import hgauto.machine.FileThereException;
import hgauto.machine.SshMachine;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lock in a web site's folder, as a file.
 *
 * @param folder there, as an absolute path with a slash at its end
 * @param site for a person
 */
record LockFile(SshMachine machine, String folder, String site) {
  private static final Logger LOG = LoggerFactory.getLogger(LockFile.class);

  private String path() {
    return folder + SiteLock.NAME;
  }

  /** As {@link RecordedLocks} has it: two servers of one host are two places. */
  private String place() {
    return machine.address().host() + " " + machine.address().port() + " " + folder;
  }

  /** Whose it is; empty if there is none, or it does not say. */
  Optional<SiteLock> read() throws InterruptedException {
    return machine.read(path(), Site.LONGEST).flatMap(SiteLock::of);
  }

  /** See {@link Site#lock}. */
  void make(SiteLock mine) throws InterruptedException {
    RecordedLocks ours = RecordedLocks.of(mine);
    ours.add(mine, place());
    try {
      machine.create(path(), mine.bytes(), Site.MODE);
    } catch (FileThereException e) {
      Optional<SiteLock> theirs = read();
      if (!ours.have(theirs)) {
        ours.forget(place());
        throw refused(theirs);
      }
      LOG.info("the lock is of a killed run: {}", theirs.get());
      String taken = folder + Site.UNFINISHED + "lock";
      machine.remove(taken);
      machine.create(taken, mine.bytes(), Site.MODE);
      machine.replace(taken, path());
    }
  }

  /** See {@link Site#checkLocked}. */
  void check(SiteLock mine) throws InterruptedException {
    Optional<SiteLock> there = read();
    if (!there.equals(Optional.of(mine))) {
      throw new EnvironmentException(
          "cannot go on in " + site,
          there.map(SiteLock::toString).orElse("somebody has removed our lock"),
          "Find out who, and run the command again when they are done.");
    }
  }

  /**
   * Why the folder cannot be changed now.
   *
   * @param lock that is there; empty if it cannot be read, or has just gone
   */
  EnvironmentException refused(Optional<SiteLock> lock) {
    return new EnvironmentException(
        "cannot publish in " + site,
        lock.map(SiteLock::toString).orElse("somebody else is publishing, or was until just now"),
        "Wait until they are done. If that run was killed, they run it again; where nobody can, remove "
            + path()
            + " by hand.");
  }

  /** See {@link Site#unlock}. */
  void remove(SiteLock mine) throws InterruptedException {
    RecordedLocks ours = RecordedLocks.of(mine);
    Optional<SiteLock> there = read();
    if (there.equals(Optional.of(mine)) || ours.have(there)) {
      machine.remove(path());
    }
    ours.forget(place());
  }
}
