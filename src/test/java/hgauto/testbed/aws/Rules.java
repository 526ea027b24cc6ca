package hgauto.testbed.aws;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import software.amazon.awssdk.services.ec2.model.IpPermission;
import software.amazon.awssdk.services.ec2.model.IpRange;
import software.amazon.awssdk.services.ec2.model.Ipv6Range;
import software.amazon.awssdk.services.ec2.model.UserIdGroupPair;

/** Rules of security groups: protocol, ports, and one source each. */
final class Rules {
  private Rules() {}

  /** The same permissions, with one source in each. */
  static List<IpPermission> single(List<IpPermission> permissions) {
    List<IpPermission> rules = new ArrayList<>();
    for (IpPermission permission : permissions) {
      for (IpRange range : permission.ipRanges()) {
        rules.add(bare(permission).ipRanges(range).build());
      }
      for (Ipv6Range range : permission.ipv6Ranges()) {
        rules.add(bare(permission).ipv6Ranges(range).build());
      }
      for (UserIdGroupPair pair : permission.userIdGroupPairs()) {
        rules.add(bare(permission).userIdGroupPairs(pair).build());
      }
    }
    return rules;
  }

  /** The same rules as EC2 shows them: one permission for each protocol and ports. */
  static List<IpPermission> merged(List<IpPermission> rules) {
    Map<IpPermission, List<IpPermission>> byPorts = new LinkedHashMap<>();
    for (IpPermission rule : rules) {
      byPorts.computeIfAbsent(bare(rule).build(), ports -> new ArrayList<>()).add(rule);
    }
    return byPorts.entrySet().stream()
        .map(
            entry ->
                entry.getKey().toBuilder()
                    .ipRanges(all(entry.getValue(), IpPermission::ipRanges))
                    .ipv6Ranges(all(entry.getValue(), IpPermission::ipv6Ranges))
                    .userIdGroupPairs(all(entry.getValue(), IpPermission::userIdGroupPairs))
                    .build())
        .toList();
  }

  private static <T> List<T> all(
      List<IpPermission> rules, Function<IpPermission, List<T>> sources) {
    return rules.stream().flatMap(rule -> sources.apply(rule).stream()).toList();
  }

  /** Where the rule is among the others, whatever their descriptions; -1 if it is not there. */
  static int indexOf(IpPermission rule, List<IpPermission> rules) {
    return rules.stream().map(Rules::words).toList().indexOf(words(rule));
  }

  static String words(IpPermission rule) {
    String source =
        rule.ipRanges().stream()
            .map(IpRange::cidrIp)
            .findFirst()
            .or(() -> rule.ipv6Ranges().stream().map(Ipv6Range::cidrIpv6).findFirst())
            .or(() -> rule.userIdGroupPairs().stream().map(UserIdGroupPair::groupId).findFirst())
            .orElse("nobody");
    return "peer: "
        + source
        + ", "
        + rule.ipProtocol()
        + ", from port: "
        + Objects.toString(rule.fromPort(), "-1")
        + ", to port: "
        + Objects.toString(rule.toPort(), "-1")
        + ", ALLOW";
  }

  private static IpPermission.Builder bare(IpPermission permission) {
    return IpPermission.builder()
        .ipProtocol(permission.ipProtocol())
        .fromPort(permission.fromPort())
        .toPort(permission.toPort());
  }
}
