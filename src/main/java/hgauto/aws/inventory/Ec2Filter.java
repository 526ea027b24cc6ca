package hgauto.aws.inventory;

import hgauto.aws.Owner;
import software.amazon.awssdk.services.ec2.model.Filter;

/** Makes filters, so that EC2 sends only what is looked for. */
final class Ec2Filter {
  /** What bears our tag, whosever it is. */
  static final Filter OURS = of("tag-key", Owner.TAG);

  private Ec2Filter() {}

  /** What has one of these values. */
  static Filter of(String name, String... values) {
    return Filter.builder().name(name).values(values).build();
  }
}
