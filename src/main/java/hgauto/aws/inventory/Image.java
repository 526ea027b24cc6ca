package hgauto.aws.inventory;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A machine image (AMI) of the account's own.
 *
 * @param state as EC2 spells it, such as {@code available}, {@code pending}, {@code failed}
 * @param made when it was made
 * @param lastLaunched when an instance was last launched from it, where AWS tells
 * @param snapshotIds its disks
 * @param sizeGib of its disks together
 */
public record Image(
    String region,
    String id,
    String name,
    Ownership ownership,
    String state,
    Instant made,
    Optional<Instant> lastLaunched,
    List<String> snapshotIds,
    long sizeGib)
    implements Resource {
  @Override
  public String kind() {
    return "image";
  }

  @Override
  public String details() {
    return state + ", " + sizeGib + " GiB";
  }

  @Override
  public Optional<Instant> since() {
    return Optional.of(made);
  }
}
