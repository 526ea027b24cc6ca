package hgauto.aws.inventory;

import java.time.Instant;
import java.util.Optional;

/**
 * A key pair, of which EC2 has the public half.
 *
 * @param fingerprint as EC2 gives it, which depends on where the key was made
 * @param made when it was made or imported, where AWS tells
 */
public record KeyPair(
    String region,
    String id,
    String name,
    Ownership ownership,
    String fingerprint,
    Optional<Instant> made)
    implements Resource {
  @Override
  public String kind() {
    return "key pair";
  }

  @Override
  public String details() {
    return "";
  }

  @Override
  public Optional<Instant> since() {
    return made;
  }
}
