package hgauto.aws.image;

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

  /** What finds the newest. */
  public ImageSeries series() {
    String name = "Windows_Server-" + year + "-English-Full-Base";
    return new ImageSeries(
        "windows" + year, OWNER, name + "-*", List.of("/aws/service/ami-windows-latest/" + name));
  }
}
