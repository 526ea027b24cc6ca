package hgauto.task;

import hgauto.aws.image.MachineImage;
import hgauto.aws.inventory.Prices;
import hgauto.aws.lease.LaunchTerms;
import hgauto.error.UsageException;
import hgauto.linux.LinuxImages;
import hgauto.windows.WindowsImages;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;

/** What it takes to make an image of ours, by a guess. */
enum ImageEstimate {
  /** Six Pythons are compiled. */
  LINUX(LinuxImages.TYPE, LinuxImages.DISK_GIB, Duration.ofMinutes(20)),

  /** Visual Studio's build tools take most of it. */
  WINDOWS(WindowsImages.TYPE, WindowsImages.DISK_GIB, Duration.ofMinutes(60));

  private final String type;
  private final int diskGib;
  private final Duration time;

  ImageEstimate(String type, int diskGib, Duration time) {
    this.type = type;
    this.diskGib = diskGib;
    this.time = time;
  }

  /** How long one takes. */
  Duration time() {
    return time;
  }

  /** Dollars an hour for a machine of any type with such a disk; empty if that is not known. */
  Optional<Double> perHour(String anyType) {
    Prices prices = new Prices();
    return this == WINDOWS
        ? prices.perHourOfWindows(anyType, diskGib)
        : prices.perHour(anyType, diskGib);
  }

  /** What the machines cost that so many are made on. */
  Optional<BigDecimal> dollars(int images) {
    return perHour(type)
        .map(dollars -> dollars * images * time.toMinutes() / Duration.ofHours(1).toMinutes())
        .map(ImageItem::money);
  }

  /**
   * Looks whether a machine lives long enough to make one on it.
   *
   * @throws UsageException if not
   */
  void refuseShort(LaunchTerms terms) {
    if (time.compareTo(terms.maxLifetime()) >= 0) {
      throw new UsageException(
          "the machine would end before the image is made that is missing",
          "that may take "
              + time.toMinutes()
              + " min, and a machine ends itself after "
              + terms.maxLifetime().toMinutes()
              + " min",
          "Say a longer --max-lifetime.");
    }
  }

  /**
   * For a person: "make image hg-linux-dev-debian12 on a t3.2xlarge with 20 GiB, which ends itself
   * after 4 h 0 min".
   */
  String plan(String image, LaunchTerms terms) {
    return "make image "
        + image
        + " on a "
        + type
        + " with "
        + diskGib
        + " GiB, which ends itself after "
        + ImageItem.time(terms.maxLifetime().toSeconds());
  }

  /**
   * The end of a forecast of what is done with an image: "; before that about 60 min and $0.20 to
   * make image hg-windows-dev of windows2022, which is missing"; nothing if it is there.
   */
  String before(String image, Optional<MachineImage> found) {
    return found.isPresent()
        ? ""
        : "; before that about "
            + time.toMinutes()
            + " min"
            + dollars(1).map(dollars -> " and $" + dollars).orElse(", price not known,")
            + " to make image "
            + image
            + ", which is missing";
  }
}
