package hgauto.aws.inventory;

import hgauto.aws.Clients;
import hgauto.aws.Parallel;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import software.amazon.awssdk.services.ec2.Ec2Client;

/** All that is looked up in one region, at once. It starts when it is made. */
final class RegionSweep {
  private final String region;
  private final Set<Kind> kinds;
  private final ImageSearch imageSearch;
  private final DiskSearch diskSearch;
  private final List<Future<List<Instance>>> instances;
  private final Future<List<software.amazon.awssdk.services.ec2.model.Image>> ownImages;
  private final Future<List<software.amazon.awssdk.services.ec2.model.Snapshot>> snapshots;
  private final Future<List<Volume>> volumes;
  private final Future<List<KeyPair>> keyPairs;
  private final Future<List<SecurityGroup>> securityGroups;
  private final Optional<IamSearch> iam;

  RegionSweep(Clients clients, String region, Set<Kind> kinds) {
    this.region = region;
    this.kinds = kinds;
    Ec2Client ec2 = clients.ec2(region);
    imageSearch = new ImageSearch(ec2, region);
    diskSearch = new DiskSearch(ec2, region);
    AccessSearch access = new AccessSearch(ec2, region);
    instances =
        kinds.contains(Kind.INSTANCES) ? new InstanceSearch(ec2, region).start() : List.of();
    // Which snapshots are orphans, the images tell.
    ownImages =
        start(kinds.contains(Kind.IMAGES) || kinds.contains(Kind.SNAPSHOTS), imageSearch::own);
    snapshots = start(kinds.contains(Kind.SNAPSHOTS), diskSearch::snapshots);
    volumes = start(kinds.contains(Kind.VOLUMES), diskSearch::volumes);
    keyPairs = start(kinds.contains(Kind.KEY_PAIRS), access::keyPairs);
    securityGroups = start(kinds.contains(Kind.SECURITY_GROUPS), access::securityGroups);
    iam = kinds.contains(Kind.IAM) ? Optional.of(new IamSearch(clients.iam())) : Optional.empty();
  }

  /** What was found, once all of it is. */
  Inventory inventory() throws InterruptedException {
    List<software.amazon.awssdk.services.ec2.model.Image> own = Parallel.get(ownImages);
    return new Inventory(
        region,
        InstanceSearch.finish(instances),
        kinds.contains(Kind.IMAGES) ? imageSearch.ours(own) : List.of(),
        diskSearch.orphans(Parallel.get(snapshots), own),
        Parallel.get(volumes),
        Parallel.get(keyPairs),
        Parallel.get(securityGroups),
        iam.isPresent() ? iam.get().profile() : Optional.empty(),
        iam.isPresent() ? iam.get().role() : Optional.empty());
  }

  private static <T> Future<List<T>> start(boolean wanted, Callable<List<T>> search) {
    return wanted ? Parallel.start(search) : CompletableFuture.completedFuture(List.of());
  }
}
