package hgauto.aws.lease;

import hgauto.aws.Account;
import hgauto.aws.AwsCall;
import hgauto.aws.Owner;
import hgauto.error.EnvironmentException;
import hgauto.poll.Poll;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.AvailabilityZone;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.RunInstancesRequest;

/** Launches machines in the region of an account, each as a {@link Lease}. */
public final class Leases {
  private static final Filter AVAILABLE =
      Filter.builder().name("state").values("available").build();

  private final Account account;
  private final LeaseJournal journal;
  private final String run;
  private final Poll poll;
  private final Lease.Words words;
  private volatile List<String> zones;

  /**
   * @param run the id of the run, for the tag {@code hgauto:run}
   * @param told is given a sentence for each thing that a person may want to know
   * @param lastWord the same while the process is being ended, by threads of their own
   */
  public Leases(
      Account account,
      LeaseJournal journal,
      String run,
      Poll poll,
      Consumer<String> told,
      Consumer<String> lastWord) {
    this.account = account;
    this.journal = journal;
    this.run = run;
    this.poll = poll;
    this.words = new Lease.Words(told, lastWord);
  }

  /**
   * Launches a machine; it is on its way when this returns. Where there is no room for it, other
   * zones are tried, and then the other types of the request.
   *
   * @return to be closed by the caller
   * @throws EnvironmentException if it cannot be launched, or it is not known whether it was
   */
  public Lease launch(LaunchRequest request) throws InterruptedException {
    List<EnvironmentException> refusals = new ArrayList<>();
    for (String type : request.types()) {
      Optional<Lease> lease = launchIfRoom(request, type, Optional.empty(), refusals);
      for (Iterator<String> zones = zones(request, lease); zones.hasNext() && lease.isEmpty(); ) {
        lease = launchIfRoom(request, type, Optional.of(zones.next()), refusals);
      }
      if (lease.isPresent()) {
        return lease.get();
      }
    }
    throw LaunchRefusal.explained(refusals.get(refusals.size() - 1), request.spot());
  }

  private Optional<Lease> launchIfRoom(
      LaunchRequest request,
      String type,
      Optional<String> zone,
      List<EnvironmentException> refusals)
      throws InterruptedException {
    try {
      return Optional.of(launch(request, type, zone));
    } catch (EnvironmentException e) {
      boolean noRoom = LaunchRefusal.noRoom(e);
      if (!noRoom && (zone.isEmpty() || !LaunchRefusal.noNetwork(e))) {
        throw LaunchRefusal.explained(e, request.spot());
      }
      words.told().accept(e.what() + ": " + e.why());
      if (noRoom) { // a zone without a network is not why it cannot be launched
        refusals.add(e);
      }
      return Optional.empty();
    }
  }

  /** One attempt, with an entry and a client token of its own. */
  private Lease launch(LaunchRequest request, String type, Optional<String> zone)
      throws InterruptedException {
    String region = account.region().region();
    Instant now = account.caller().clock().instant().truncatedTo(ChronoUnit.SECONDS);
    LeaseEntry entry =
        new LeaseEntry(
            LeaseEntry.newToken(),
            account.caller().account(),
            region,
            Owner.here(),
            run,
            request.name(),
            now,
            now.plus(request.maxLifetime()),
            false,
            null);
    String what = "launch " + request.name() + " (" + type + ") in " + zone.orElse(region);
    Ec2Client ec2 = account.clients().ec2(region);
    RunInstancesRequest sent = RunInstances.of(request, entry, type, zone);
    Lease lease = new Lease(journal.create(entry), ec2, poll, account.caller().clock(), words);
    lease.launch(what, () -> ec2.runInstances(sent));
    return lease;
  }

  /** The zones to try one by one; EC2 is asked for them only once there is no room. */
  private Iterator<String> zones(LaunchRequest request, Optional<Lease> lease) {
    if (lease.isPresent() || request.subnet().isPresent()) {
      return Collections.emptyIterator();
    }
    if (zones == null) {
      String region = account.region().region();
      zones =
          AwsCall.make(
                  "ec2:DescribeAvailabilityZones",
                  "list the availability zones of " + region,
                  () ->
                      account
                          .clients()
                          .ec2(region)
                          .describeAvailabilityZones(r -> r.filters(AVAILABLE)))
              .availabilityZones()
              .stream()
              .map(AvailabilityZone::zoneName)
              .toList();
    }
    return zones.iterator();
  }
}
