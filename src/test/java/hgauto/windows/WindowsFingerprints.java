package hgauto.windows;

import hgauto.aws.image.ImageSeries;

/** The fingerprint that an image must have to be found. */
public final class WindowsFingerprints {
  private WindowsFingerprints() {}

  /** Of the image of that series that is made with these files. */
  public static String of(ImageSeries base, WindowsDependencies dependencies) {
    return new WindowsImages(null, null, null, dependencies).fingerprint(base);
  }
}
