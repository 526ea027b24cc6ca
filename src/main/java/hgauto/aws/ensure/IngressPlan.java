package hgauto.aws.ensure;

import hgauto.aws.inventory.SecurityGroup;
import hgauto.aws.inventory.SecurityGroup.IngressRule;
import hgauto.aws.plan.Change;
import hgauto.aws.plan.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What to change in the rules of a security group, so that machines are reached from where they
 * should be, and the group is no longer open to the world as automation.py makes it.
 */
final class IngressPlan {
  private record Ports(int from, int to) {
    @Override
    public String toString() {
      return from == to ? "port " + from : "ports " + from + " to " + to;
    }
  }

  private static final Ports SSH = new Ports(Blueprint.PORT, Blueprint.PORT);

  /** What automation.py opens to the world, and how it describes that. Others open it, too. */
  private static final Map<Ports, String> FORMERLY_OPEN =
      Map.of(
          SSH,
          "SSH from entire Internet",
          new Ports(3389, 3389),
          "RDP from entire Internet",
          new Ports(5985, 5986),
          "PowerShell Remoting (Windows Remote Management)");

  private static final Cidr WORLD = Cidr.of("0.0.0.0/0").orElseThrow();

  private final SecurityGroup group;
  private final List<Cidr> wanted;
  private final String owner;
  private final List<Step> steps = new ArrayList<>();

  private IngressPlan(SecurityGroup group, Need need) {
    this.group = group;
    this.wanted = need.ranges();
    this.owner = need.owner();
  }

  /** The steps, which leave other people's rules alone. */
  static List<Step> of(SecurityGroup group, Need need) {
    IngressPlan plan = new IngressPlan(group, need);
    plan.admit();
    plan.shutOut();
    return plan.steps;
  }

  private void admit() {
    for (Cidr from : wanted) {
      Optional<IngressRule> found =
          group.rules().stream().filter(rule -> isSsh(rule) && isFrom(rule, from)).findFirst();
      if (found.isEmpty()) {
        steps.add(new AdmitAddresses(change("open", "SSH from " + from, ""), from, owner));
      } else if (isLentTo(found.get(), owner)) {
        Change change =
            change("mend", "SSH from " + from, ", which now stays for " + owner + ", too");
        steps.add(new AdmitAddresses(change, from, owner));
      }
    }
  }

  private void shutOut() {
    for (IngressRule rule : group.rules()) {
      Optional<Cidr> from = Cidr.of(rule.cidr());
      if (!isTcp(rule) || from.isEmpty() || (isSsh(rule) && wanted.contains(from.get()))) {
        continue; // not made by hgauto nor automation.py, or needed
      }
      boolean ours = rule.owners().contains(IngressRule.nameOf(owner));
      if (ours || isFormerlyOpen(rule)) {
        boolean shared = rule.owners().size() > 1;
        Change change =
            change(
                shared ? "mend" : "close",
                ports(rule) + " from " + from.get(),
                shared
                    ? ", which stays for others only"
                    : ours
                        ? ", our rule of another time"
                        : ", which automation.py opened to the world");
        steps.add(new ShutOut(change, rule.fromPort(), rule.toPort(), from.get(), owner));
      }
    }
  }

  /** Whether the rule lets this owner in only as long as others do not take it away. */
  static boolean isLentTo(IngressRule rule, String owner) {
    return rule.isOfHgauto() ? !rule.isFor(owner) : isFormerlyOpen(rule);
  }

  private Change change(String verb, String what, String why) {
    return new Change(
        verb, group.kind(), group.region(), group.id(), group.name() + ": " + what + why);
  }

  private static boolean isFormerlyOpen(IngressRule rule) {
    return rule.description().equals(FORMERLY_OPEN.get(ports(rule))) && isFrom(rule, WORLD);
  }

  private static boolean isSsh(IngressRule rule) {
    return isTcp(rule) && ports(rule).equals(SSH);
  }

  private static boolean isTcp(IngressRule rule) {
    return rule.protocol().equals("tcp");
  }

  private static boolean isFrom(IngressRule rule, Cidr from) {
    return Cidr.of(rule.cidr()).filter(from::equals).isPresent();
  }

  private static Ports ports(IngressRule rule) {
    return new Ports(rule.fromPort(), rule.toPort());
  }
}
