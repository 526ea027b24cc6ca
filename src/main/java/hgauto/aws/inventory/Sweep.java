package hgauto.aws.inventory;

import hgauto.aws.Account;
import hgauto.aws.AwsCall;
import hgauto.aws.Parallel;
import hgauto.error.EnvironmentException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import software.amazon.awssdk.services.ec2.model.Region;

/**
 * Looks at what of ours is in an account: what bears our tags, whosever it is, and what
 * automation.py made. All calls are made at once, as few as there can be; nothing is changed.
 *
 * <p>A call that is refused ends it with an {@link hgauto.error.EnvironmentException} that names
 * the call: half an inventory would be taken for the whole.
 */
public final class Sweep {
  private Sweep() {}

  /** What there is of these kinds in one region. */
  public static Inventory of(Account account, String region, Set<Kind> kinds)
      throws InterruptedException {
    return new RegionSweep(account.clients(), region, kinds).inventory();
  }

  /**
   * What there is of these kinds in every region that is enabled for the account, the account's own
   * first. What IAM has is in the first inventory alone.
   */
  public static List<Inventory> ofAllRegions(Account account, Set<Kind> kinds)
      throws InterruptedException {
    List<RegionSweep> sweeps = new ArrayList<>();
    Set<Kind> wanted = EnumSet.copyOf(kinds);
    for (String region : regions(account)) {
      sweeps.add(new RegionSweep(account.clients(), region, Set.copyOf(wanted)));
      wanted.remove(Kind.IAM);
    }
    List<Inventory> inventories = new ArrayList<>();
    for (RegionSweep sweep : sweeps) {
      inventories.add(sweep.inventory());
    }
    return inventories;
  }

  /**
   * The instances with this instance profile in every region, whosever they are. Callers are often
   * shut out of some regions: those are no failure.
   */
  public static ProfileUsers using(Account account, String profileArn) throws InterruptedException {
    Map<String, Future<List<Instance>>> started = new LinkedHashMap<>();
    for (String region : regions(account)) {
      InstanceSearch search = new InstanceSearch(account.clients().ec2(region), region);
      started.put(region, Parallel.start(() -> search.withProfile(profileArn)));
    }
    List<Instance> instances = new ArrayList<>();
    List<String> unseen = new ArrayList<>();
    for (Map.Entry<String, Future<List<Instance>>> call : started.entrySet()) {
      try {
        instances.addAll(Parallel.get(call.getValue()));
      } catch (EnvironmentException e) {
        unseen.add(call.getKey());
      }
    }
    return new ProfileUsers(instances, unseen);
  }

  private static List<String> regions(Account account) {
    String own = account.region().region();
    return AwsCall.make(
        "ec2:DescribeRegions",
        "list the regions",
        () ->
            account.clients().ec2(own).describeRegions().regions().stream()
                .map(Region::regionName)
                .sorted(
                    Comparator.comparing((String name) -> !name.equals(own))
                        .thenComparing(Comparator.naturalOrder()))
                .toList());
  }
}
