package hgauto.aws.inventory;

import java.time.Instant;
import java.util.Optional;

/**
 * A snapshot of ours that belongs to no image any more.
 *
 * @param sizeGib of the volume it was taken of; what is billed is at most that
 */
public record Snapshot(
    String region, String id, String name, Ownership ownership, Instant made, long sizeGib)
    implements Resource {
  @Override
  public String kind() {
    return "snapshot";
  }

  @Override
  public String details() {
    return sizeGib + " GiB, of no image";
  }

  @Override
  public Optional<Instant> since() {
    return Optional.of(made);
  }
}
