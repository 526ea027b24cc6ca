package hgauto.windows;

import hgauto.aws.image.ImageSeries;
import hgauto.aws.image.WindowsBase;
import hgauto.hg.Checkout;
import hgauto.hg.Hg;
import hgauto.testbed.HgRepository;
import hgauto.testbed.Requires;
import hgauto.testbed.aws.AwsProxy;

/** Images that are found, since they have the fingerprint. */
public final class WindowsFingerprints {
  private WindowsFingerprints() {}

  /** Of the image of that series that is made with these files. */
  public static String of(ImageSeries base, WindowsDependencies dependencies) {
    return WindowsImages.fingerprint(base, dependencies);
  }

  /** Adds the image that packages of the working copy's parent are built in. */
  public static void addImage(AwsProxy aws, HgRepository source) {
    Checkout checkout =
        Checkout.find(source.root(), new Hg(Requires.program("hg").toString()).withoutUserConfig());
    aws.addReadyWindowsImage(
        WindowsBase.OUR_NAME + "-0a1b2c3d",
        of(
            WindowsBase.WINDOWS_2022.series(),
            WindowsDependencies.of(checkout, checkout.resolve("."))));
  }
}
