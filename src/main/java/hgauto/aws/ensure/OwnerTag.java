package hgauto.aws.ensure;

import hgauto.aws.Owner;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;

/** The tag that says whose a thing is, for the request that makes it. */
final class OwnerTag {
  private OwnerTag() {}

  /** For EC2. */
  static TagSpecification of(String owner, ResourceType type) {
    return TagSpecification.builder()
        .resourceType(type)
        .tags(Tag.builder().key(Owner.TAG).value(owner).build())
        .build();
  }

  /** For IAM. */
  static software.amazon.awssdk.services.iam.model.Tag ofIam(String owner) {
    return software.amazon.awssdk.services.iam.model.Tag.builder()
        .key(Owner.TAG)
        .value(owner)
        .build();
  }
}
