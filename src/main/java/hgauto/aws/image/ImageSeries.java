package hgauto.aws.image;

import java.util.List;

/**
 * A publisher's images of one thing, which come out again and again: each has an id of its own, and
 * one in each region.
 *
 * @param name for a person: {@code debian12}
 * @param owner the publisher's account, 12 digits
 * @param namePattern what the images are called, with {@code *} and {@code ?}
 * @param parameters SSM's public parameters with the id of the newest; the first that a region has
 *     counts; there may be none
 */
public record ImageSeries(String name, String owner, String namePattern, List<String> parameters) {
  /** Keeps a copy of the list. */
  public ImageSeries {
    parameters = List.copyOf(parameters);
  }
}
