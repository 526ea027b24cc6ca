package hgauto.linux;

/** The fingerprint that an image must have to be found. */
public final class Fingerprints {
  private Fingerprints() {}

  /** Of the image of that distribution that this version of hgauto looks for. */
  public static String of(Distro distro) {
    return of(BootstrapFiles.known(), distro);
  }

  /** The same, made with other files. */
  public static String of(BootstrapFiles files, Distro distro) {
    return files.fingerprint(distro, LinuxImages.DISK_GIB);
  }
}
