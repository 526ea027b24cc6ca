package hgauto.aws.image;

import hgauto.error.UsageException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The publishers' images that machines start from. Their ids differ by region and change often. */
public enum BaseImage {
  DEBIAN_12("debian12", "admin", debian(12)),
  DEBIAN_13("debian13", "admin", debian(13)),
  UBUNTU_22_04("ubuntu22.04", "ubuntu", ubuntu("22.04", "gp3"), ubuntu("22.04", "gp2")),
  UBUNTU_24_04("ubuntu24.04", "ubuntu", ubuntu("24.04", "gp3")),
  WINDOWS_2019("windows2019", "Administrator", windows(2019)),
  WINDOWS_2022("windows2022", "Administrator", windows(2022)),
  WINDOWS_2025("windows2025", "Administrator", windows(2025));

  /** Amazon's account that publishes the images of Windows. */
  public static final String WINDOWS_OWNER = "801119661308";

  /** Every Windows image of ours is called so, whatever it is made of. */
  public static final String OUR_WINDOWS = "hg-windows-dev";

  /** What automation.py offered; AWS no longer shows their images to anybody. */
  private static final Set<String> RETIRED =
      Set.of("debian9", "debian10", "ubuntu18.04", "ubuntu19.04");

  private final String distro;
  private final String user;

  @SuppressWarnings("ImmutableEnumChecker") // made by List.of
  private final List<String> parameters;

  BaseImage(String distro, String user, String... parameters) {
    this.distro = distro;
    this.user = user;
    this.parameters = List.of(parameters);
  }

  /**
   * The image of a Linux distribution.
   *
   * @param distro such as {@code debian12}
   * @throws UsageException if there is none; it names those that there are
   */
  public static BaseImage ofLinux(String distro) {
    return Arrays.stream(values())
        .filter(image -> !image.windows() && image.distro.equals(distro))
        .findFirst()
        .orElseThrow(
            () ->
                new UsageException(
                    "there is no image of " + distro,
                    RETIRED.contains(distro)
                        ? "its publisher has withdrawn it"
                        : "it is not a distribution that hgauto knows",
                    "Choose one of " + linuxDistros() + "."));
  }

  /** The name that options have for it, such as {@code ubuntu24.04}. */
  public String distro() {
    return distro;
  }

  /** Whom to log in as. */
  public String user() {
    return user;
  }

  /** Whether it is Windows. */
  public boolean windows() {
    return user.equals("Administrator");
  }

  /** What images of ours that are made of it are called, but for the end of the name. */
  public String ourName() {
    return windows() ? OUR_WINDOWS : "hg-linux-dev-" + distro;
  }

  /** SSM's public parameters with the id of the newest; the first that a region has counts. */
  List<String> parameters() {
    return parameters;
  }

  private static String linuxDistros() {
    return Arrays.stream(values())
        .filter(image -> !image.windows())
        .map(BaseImage::distro)
        .collect(Collectors.joining(", "));
  }

  private static String debian(int release) {
    return "/aws/service/debian/release/" + release + "/latest/amd64";
  }

  private static String ubuntu(String release, String volume) {
    return "/aws/service/canonical/ubuntu/server/"
        + release
        + "/stable/current/amd64/hvm/ebs-"
        + volume
        + "/ami-id";
  }

  private static String windows(int year) {
    return "/aws/service/ami-windows-latest/Windows_Server-" + year + "-English-Full-Base";
  }
}
