package hgauto.release;

import java.nio.file.Path;

/**
 * A file that goes to the web site.
 *
 * @param name that it gets there
 * @param local is read
 * @param size in bytes
 * @param sha256 64 hexadecimal digits, lower case
 */
public record SiteFile(String name, Path local, long size, String sha256) {
  private static final int DIGITS = 12;

  static SiteFile of(ReleaseFile file) {
    return new SiteFile(file.name(), file.file(), file.size(), file.sha256());
  }

  /**
   * What it is called beside its name while it is on its way. The hash is in there, so that what an
   * earlier run has sent is only gone on with if it is of the same content.
   */
  String part() {
    return partOf(name, sha256);
  }

  static String partOf(String name, String sha256) {
    return "." + name + "." + sha256.substring(0, DIGITS) + ".part";
  }

  /** Whether something there is on its way to become a file of that name, whatever its content. */
  static boolean isPartOf(String there, String name) {
    return there.startsWith("." + name + ".")
        && there.substring(name.length() + 2).matches("[0-9a-f]{" + DIGITS + "}\\.part");
  }
}
