package hgauto.aws.lease;

import java.time.Instant;

/** What EC2 hands to a machine, which acts on it at its boots. It must hold nothing secret. */
@FunctionalInterface
public interface UserData {
  /** The text for a machine that is to end itself at {@code expires}; not encoded. */
  String until(Instant expires);
}
