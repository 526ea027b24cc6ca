package hgauto.aws.ensure;

import hgauto.machine.SshKey;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a command needs there to be, and for whom.
 *
 * @param owner as {@link hgauto.aws.Owner#here}
 * @param key that opens the machines
 * @param from where machines may be reached from, at least one range
 * @param vpcId the network of the machines
 */
record Need(Blueprint blueprint, String owner, SshKey key, Set<Cidr> from, String vpcId) {
  /** "203.0.113.7/32, 2001:db8:0:0:0:0:0:0/64". */
  String fromWords() {
    return from.stream().map(Cidr::toString).sorted().collect(Collectors.joining(", "));
  }
}
