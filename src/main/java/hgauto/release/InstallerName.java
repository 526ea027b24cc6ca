package hgauto.release;

import hgauto.release.ReleaseFile.Kind;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the name of an installer says, such as {@code Mercurial-5.9-x64-python2.exe}; they are named
 * today as they were in the days of 5.x.
 *
 * @param kind exe or msi
 * @param version of Mercurial
 * @param arch {@code x86} or {@code x64}
 * @param python the major version of the Python that comes with it, 2 or 3
 */
record InstallerName(Kind kind, MercurialVersion version, String arch, int python) {
  private static final Pattern EXE = Pattern.compile("Mercurial-(.+)-(x86|x64)(-python2)?\\.exe");
  private static final Pattern MSI = Pattern.compile("mercurial-(.+)-(x86|x64)(-python2)?\\.msi");

  /** Empty if it is the name of something else. */
  static Optional<InstallerName> of(String fileName) {
    return of(Kind.EXE, EXE.matcher(fileName)).or(() -> of(Kind.MSI, MSI.matcher(fileName)));
  }

  /** The name itself. */
  String fileName() {
    return (kind == Kind.EXE ? "Mercurial-" : "mercurial-")
        + version
        + ("-" + arch)
        + (python == 2 ? "-python2" : "")
        + (kind == Kind.EXE ? ".exe" : ".msi");
  }

  private static Optional<InstallerName> of(Kind kind, Matcher name) {
    return name.matches()
        ? MercurialVersion.ifOne(name.group(1))
            .map(
                version ->
                    new InstallerName(kind, version, name.group(2), name.group(3) == null ? 3 : 2))
        : Optional.empty();
  }
}
