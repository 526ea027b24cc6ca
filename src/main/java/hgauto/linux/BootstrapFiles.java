package hgauto.linux;

import static java.nio.charset.StandardCharsets.UTF_8;

import hgauto.aws.image.ImageFingerprint;
import hgauto.resource.Resource;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The files that a machine is made with before an image is made of it. With the distribution they
 * say what is in the image; nothing of the person who makes it is in them.
 */
public final class BootstrapFiles {
  private static final List<String> NAMES =
      List.of(
          "bootstrap.sh",
          "bootstrap-hgdev.sh",
          "clean-image.sh",
          "linux-bootstrap.txt",
          "linux-tests.txt",
          "pins.conf");

  private final SortedMap<String, byte[]> contents;

  private BootstrapFiles(SortedMap<String, byte[]> contents) {
    this.contents = contents;
  }

  /** Those that came with this version of hgauto. */
  public static BootstrapFiles known() {
    SortedMap<String, byte[]> contents = new TreeMap<>();
    NAMES.forEach(name -> contents.put(name, Resource.bytes(BootstrapFiles.class, name)));
    return new BootstrapFiles(contents);
  }

  /** These with one of them replaced, such as {@code pins.conf}. */
  public BootstrapFiles with(String name, String content) {
    SortedMap<String, byte[]> others = new TreeMap<>(contents);
    others.put(name, content.getBytes(UTF_8));
    return new BootstrapFiles(others);
  }

  /** By name. */
  SortedMap<String, byte[]> contents() {
    return contents;
  }

  /**
   * What tells images that are made of the same. It has the series of the publisher's images, not
   * the one that is newest today; see docs/architecture.md.
   */
  String fingerprint(Distro distro, int diskGib) {
    ImageFingerprint fingerprint =
        new ImageFingerprint(
            distro.name(), distro.series().owner() + "/" + distro.series().namePattern(), diskGib);
    contents.forEach(fingerprint::file);
    fingerprint.file("packages", String.join(" ", distro.packages()).getBytes(UTF_8));
    fingerprint.file("wanted packages", String.join(" ", distro.wanted()).getBytes(UTF_8));
    return fingerprint.hex();
  }
}
