package hgauto.startup;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;

/**
 * The archive of loaded classes that makes the next start fast. The launcher in front of the jar
 * looks it up and makes it ({@code src/main/launcher/hgauto.sh}); it cannot know when a run that
 * missed it has ended, so it is told from here.
 */
public final class ClassArchive {
  private static final File NOTHING = new File("/dev/null");

  private ClassArchive() {}

  /**
   * Lets the launcher make the archive in the background, if it started this run and missed it.
   * Returns at once. To be called when a run has done its work and is not being interrupted.
   * Without an archive the next start is slower, nothing else, so no failure is reported.
   */
  public static void makeIfMissing() {
    String cache = System.getProperty("hgauto.archive.cache");
    if (cache == null) {
      return;
    }
    ProcessBuilder launcher = new ProcessBuilder("sh", System.getProperty("java.class.path"));
    launcher.environment().put("HGAUTO_ARCHIVE_CACHE", cache);
    launcher.redirectInput(NOTHING).redirectOutput(Redirect.DISCARD);
    launcher.redirectError(Redirect.DISCARD);
    try {
      launcher.start();
    } catch (IOException e) {
      return;
    }
  }
}
