package hgauto.linux;

/** The fingerprint that an image must have to be found. */
public final class Fingerprints {
  private Fingerprints() {}

  /** See {@link BootstrapFiles#fingerprint}. */
  public static String of(BootstrapFiles files, Distro distro) {
    return files.fingerprint(distro, LinuxImages.DISK_GIB);
  }
}
