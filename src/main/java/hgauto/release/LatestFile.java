package hgauto.release;

import hgauto.error.EnvironmentException;
import hgauto.machine.FileThereException;
import hgauto.machine.SshMachine;
import java.util.Optional;

/**
 * {@code latest.dat} in a web site's folder.
 *
 * @param folder there, as an absolute path with a slash at its end
 * @param site for a person
 */
record LatestFile(SshMachine machine, String folder, String site) {
  private String path() {
    return folder + Site.LATEST;
  }

  private String part(LatestDat next) {
    return folder + SiteFile.partOf(Site.LATEST, next.sha256());
  }

  /** What it is now. */
  Optional<LatestDat> read() throws InterruptedException {
    return machine.read(path(), Site.LONGEST).map(LatestDat::of);
  }

  /** See {@link Site#checkFiles}. */
  void checkIsNoLink() throws InterruptedException {
    Optional<String> target = machine.link(path());
    if (target.isPresent()) {
      throw new EnvironmentException(
          "cannot publish in " + site,
          "latest.dat there is a link to "
              + target.get()
              + "; a file would take the link's place, and the one behind it would stay as it is",
          "Say by --site-dir in which folder the file itself is, or have it moved to where the link"
              + " is. Nothing is changed.");
    }
  }

  /** See {@link Site#stageLatest}. */
  void stage(LatestDat next) throws InterruptedException {
    machine.remove(part(next));
    machine.create(part(next), next.bytes(), Site.MODE);
  }

  /** See {@link Site#replaceLatest}. */
  void replace(LatestDat next, Optional<LatestDat> seen) throws InterruptedException {
    Optional<LatestDat> live = read();
    if (live.equals(Optional.of(next))) {
      machine.remove(part(next));
      return;
    }
    if (!live.equals(seen)) {
      throw changedMeanwhile(null);
    }
    if (seen.isPresent()) {
      machine.replace(part(next), path());
      return;
    }
    try {
      machine.rename(part(next), path());
    } catch (FileThereException e) {
      throw changedMeanwhile(e);
    }
  }

  private EnvironmentException changedMeanwhile(Exception cause) {
    return new EnvironmentException(
        "latest.dat in " + site + " is left as it is",
        "somebody has changed it since it was looked at",
        "Run the command again: it shows what would change now.",
        cause);
  }
}
