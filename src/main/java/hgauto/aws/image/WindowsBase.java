package hgauto.aws.image;

import java.util.Arrays;
import java.util.List;

/** The images of Windows Server, in English, that machines start from. */
public enum WindowsBase {
  WINDOWS_2019(2019),
  WINDOWS_2022(2022),
  WINDOWS_2025(2025);

  /** Amazon's account that publishes them. */
  public static final String OWNER = "801119661308";

  /** Every Windows image of ours is called so, whatever it is made of. */
  public static final String OUR_NAME = "hg-windows-dev";

  /** Whom to log in as. */
  public static final String LOGIN = "Administrator";

  private final int year;

  WindowsBase(int year) {
    this.year = year;
  }

  /**
   * What a person means.
   *
   * @param name such as {@code WINDOWS-2022}; or what images are called that Amazon publishes, with
   *     {@code *} and {@code ?}, as automation.py takes it
   */
  public static ImageSeries named(String name) {
    return Arrays.stream(values())
        .filter(
            base -> base.title().equalsIgnoreCase(name) || base.series().namePattern().equals(name))
        .map(WindowsBase::series)
        .findFirst()
        .orElseGet(() -> new ImageSeries(name, OWNER, name, List.of()));
  }

  /** As people call it: {@code WINDOWS-2022}. */
  public String title() {
    return "WINDOWS-" + year;
  }

  /** What finds the newest. */
  public ImageSeries series() {
    String name = "Windows_Server-" + year + "-English-Full-Base";
    return new ImageSeries(
        "windows" + year, OWNER, name + "-*", List.of("/aws/service/ami-windows-latest/" + name));
  }
}
