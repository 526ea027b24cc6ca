package hgauto.linux;

import hgauto.aws.image.ImageSeries;
import java.util.List;

/**
 * A Linux distribution that images of ours are made of.
 *
 * @param series its publisher's images; its name is the distribution's, such as {@code debian12}
 * @param login whom those let in
 * @param packages that are installed, as apt calls them
 * @param wanted the same, but for those that it does not have
 */
public record Distro(ImageSeries series, String login, List<String> packages, List<String> wanted) {
  /** Keeps copies of the lists. */
  public Distro {
    packages = List.copyOf(packages);
    wanted = List.copyOf(wanted);
  }

  /** As options and test times have it: {@code debian12}. */
  public String name() {
    return series.name();
  }

  /** What images of ours that are made of it are called, but for the end of the name. */
  public String imageName() {
    return Ec2Machines.NAME + "-" + name();
  }
}
