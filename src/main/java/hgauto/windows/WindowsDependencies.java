package hgauto.windows;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import hgauto.error.UsageException;
import hgauto.hg.Changeset;
import hgauto.hg.Checkout;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Mercurial's own script that installs what it is built with on Windows, and the files beside it
 * that the script names, as they are in one changeset.
 *
 * @param contents by name
 */
public record WindowsDependencies(SortedMap<String, byte[]> contents) {
  /** The script. */
  static final String SCRIPT = "install-windows-dependencies.ps1";

  private static final String FOLDER = "contrib";

  /** Keeps a copy. */
  public WindowsDependencies {
    contents = Collections.unmodifiableSortedMap(new TreeMap<>(contents));
  }

  /**
   * Those of a changeset.
   *
   * @throws UsageException if it has no such script
   */
  public static WindowsDependencies of(Checkout checkout, Changeset changeset) {
    byte[] script =
        checkout
            .bytes(changeset, FOLDER + "/" + SCRIPT)
            .orElseThrow(() -> missing(checkout, changeset));
    SortedMap<String, byte[]> contents = new TreeMap<>();
    contents.put(SCRIPT, script);
    for (String path : checkout.files(changeset, FOLDER)) {
      String name = path.substring(path.lastIndexOf('/') + 1);
      if (!name.equals(SCRIPT) && names(new String(script, ISO_8859_1), name)) {
        contents.put(name, checkout.bytes(changeset, path).orElseThrow());
      }
    }
    return new WindowsDependencies(contents);
  }

  private static boolean names(String script, String file) {
    return Pattern.compile("(?<![\\w.-])" + Pattern.quote(file) + "(?![\\w-])")
        .matcher(script)
        .find();
  }

  /** Whether there is something like this in the script. */
  public boolean mention(Pattern what) {
    return what.matcher(new String(contents.get(SCRIPT), ISO_8859_1)).find();
  }

  private static UsageException missing(Checkout checkout, Changeset changeset) {
    return new UsageException(
        "changeset " + changeset.shortNode() + " cannot be built on Windows",
        "it has no " + FOLDER + "/" + SCRIPT + " (" + checkout.root() + ")",
        "Name a revision of Mercurial itself, 5.0 or later, with --revision.");
  }
}
