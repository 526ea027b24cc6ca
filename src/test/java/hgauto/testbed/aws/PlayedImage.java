package hgauto.testbed.aws;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * An image whose instances are machines.
 *
 * @param layers over Debian, the topmost first
 * @param windows whether they stand in for Windows ones
 */
record PlayedImage(List<Path> layers, boolean windows) {
  /** The image of a machine that was launched from this one. */
  PlayedImage with(Path layer) {
    return new PlayedImage(Stream.concat(Stream.of(layer), layers.stream()).toList(), windows);
  }
}
