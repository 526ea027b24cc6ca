package hgauto.aws.inventory;

import java.time.Instant;
import java.util.Optional;

/**
 * A disk.
 *
 * @param instanceId what it is attached to; empty for an orphan
 * @param goesAlong whether it goes when that instance ends; one that was attached later does not
 * @param type such as {@code gp3}
 */
public record Volume(
    String region,
    String id,
    String name,
    Ownership ownership,
    Instant made,
    Optional<String> instanceId,
    boolean goesAlong,
    String type,
    long sizeGib)
    implements Resource {
  @Override
  public String kind() {
    return "volume";
  }

  @Override
  public String details() {
    return type + ", " + sizeGib + " GiB, of " + instanceId.orElse("no instance");
  }

  @Override
  public Optional<Instant> since() {
    return Optional.of(made);
  }
}
