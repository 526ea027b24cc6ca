package hgauto.aws.inventory;

import java.time.Instant;
import java.util.Optional;

/** Something of ours in an account. */
public sealed interface Resource
    permits Instance, Image, Snapshot, Volume, KeyPair, SecurityGroup, InstanceProfile, Role {
  /** In the place of a region, for what IAM has. */
  String GLOBAL = "global";

  /** What it is, as in "security group". */
  String kind();

  /** The region, or {@link #GLOBAL}. */
  String region();

  /** AWS's id, such as {@code i-0a1b}; IAM's things have their name. */
  String id();

  /** The name that people know it by; the id if it has none. */
  String name();

  /** What else a person wants to know, such as "running, t3.medium"; may be empty. */
  String details();

  /** Whose it is. */
  Ownership ownership();

  /** When it was made, where AWS tells. */
  Optional<Instant> since();
}
