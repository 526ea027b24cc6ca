package hgauto.aws.inventory;

import hgauto.aws.Account;
import hgauto.aws.AwsCall;
import hgauto.aws.Parallel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
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

  /** The instances with this instance profile in every region, whosever they are. */
  public static List<Instance> using(Account account, String profileArn)
      throws InterruptedException {
    List<Future<List<Instance>>> started = new ArrayList<>();
    for (String region : regions(account)) {
      InstanceSearch search = new InstanceSearch(account.clients().ec2(region), region);
      started.add(Parallel.start(() -> search.withProfile(profileArn)));
    }
    return InstanceSearch.finish(started);
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
