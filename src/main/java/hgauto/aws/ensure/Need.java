package hgauto.aws.ensure;

import hgauto.machine.SshKey;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * What a command needs there to be, and for whom.
 *
 * @param owner as {@link hgauto.aws.Owner#here}
 * @param key that opens the machines
 * @param from where machines may be reached from, at least one range
 * @param vpcId the network of the machines
 */
record Need(Blueprint blueprint, String owner, SshKey key, Set<Cidr> from, String vpcId) {
  /** The ranges in an order that is the same every time. */
  List<Cidr> ranges() {
    return from.stream().sorted(Comparator.comparing(Cidr::toString)).toList();
  }
}
