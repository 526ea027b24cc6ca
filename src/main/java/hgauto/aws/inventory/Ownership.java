package hgauto.aws.inventory;

import hgauto.aws.Owner;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Whose a resource is.
 *
 * @param owner as {@link Owner#here}; empty for what automation.py made, which bears no such tag
 * @param run the run that it was made for, if it was
 * @param expires when it ends itself, if it does; whoever sweeps may end it after that
 */
public record Ownership(Optional<String> owner, Optional<String> run, Optional<Instant> expires) {
  /** The tag with the id of a run. */
  public static final String RUN_TAG = "hgauto:run";

  /** The tag with the time at which an instance ends itself, such as 2026-11-24T20:15:30Z. */
  public static final String EXPIRES_TAG = "hgauto:expires";

  /** Of what automation.py made. */
  public static final Ownership LEGACY =
      new Ownership(Optional.empty(), Optional.empty(), Optional.empty());

  /** Of what has a name of ours, or uses something of ours, but may be anybody's. */
  public static final Ownership UNKNOWN =
      new Ownership(Optional.of("unknown"), Optional.empty(), Optional.empty());

  /** What our tags say; empty where our tag is not among them. */
  public static Optional<Ownership> ofTags(Map<String, String> tags) {
    return Optional.ofNullable(tags.get(Owner.TAG))
        .map(
            owner ->
                new Ownership(
                    Optional.of(owner),
                    Optional.ofNullable(tags.get(RUN_TAG)),
                    Optional.ofNullable(tags.get(EXPIRES_TAG)).flatMap(Ownership::time)));
  }

  /** Whether its time is over. */
  public boolean expired(Instant now) {
    return expires.filter(now::isAfter).isPresent();
  }

  /** "owner ann@laptop", or "made by automation.py". */
  @Override
  public String toString() {
    return owner.map(name -> "owner " + name).orElse("made by automation.py");
  }

  private static Optional<Instant> time(String text) {
    try {
      return Optional.of(Instant.parse(text));
    } catch (DateTimeException e) {
      return Optional.empty(); // not by us
    }
  }
}
