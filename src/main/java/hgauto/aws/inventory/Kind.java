package hgauto.aws.inventory;

/** The kinds of things that a sweep can look for. */
public enum Kind {
  /** Instances, but those that are terminated or about to be. */
  INSTANCES,
  /** The account's own images that are ours. */
  IMAGES,
  /** Snapshots of ours that belong to no image. */
  SNAPSHOTS,
  /** Volumes of ours, attached or not. */
  VOLUMES,
  /** Key pairs with our names, ours or not. */
  KEY_PAIRS,
  /** Security groups with our names. */
  SECURITY_GROUPS,
  /** The instance profile and the role with our names, which are the same in every region. */
  IAM
}
