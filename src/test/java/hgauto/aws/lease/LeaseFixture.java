package hgauto.aws.lease;

import hgauto.aws.Account;
import hgauto.aws.plan.Change;
import hgauto.aws.plan.Outcome;
import hgauto.testbed.Sleepless;
import hgauto.testbed.aws.FakeAccount;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** A fake account with an image to launch, a journal, and a clock that only pauses move on. */
final class LeaseFixture {
  final FakeAccount fake = new FakeAccount("us-west-2", "eu-west-1");
  final Account account = fake.account();
  final Sleepless time = new Sleepless();
  final List<String> told = new CopyOnWriteArrayList<>();
  final List<String> lastWords = new CopyOnWriteArrayList<>();
  final LeaseJournal journal;
  final String imageId;
  private final Path folder;

  LeaseFixture(Path folder) {
    this.folder = folder;
    this.journal = new LeaseJournal(folder);
    this.imageId = fake.contents().putImage("hg-linux-dev-debian12", image -> {});
    fake.contents().putKeyPair("hg-automation", "aa:bb", key -> {});
  }

  Leases leases() {
    return leases(account);
  }

  Leases leases(Account by) {
    return new Leases(by, journal, "run-1", time.poll(), told::add, lastWords::add);
  }

  LaunchRequest request() {
    return request(List.of("c5.9xlarge"), Optional.empty(), Optional.empty());
  }

  LaunchRequest request(List<String> types, Optional<String> profile, Optional<String> subnet) {
    return new LaunchRequest(
        "hg-linux-dev",
        imageId,
        types,
        "hg-automation",
        List.of(),
        profile,
        subnet,
        false,
        List.of(new Disk("/dev/sda1", 12), new Disk("/dev/sdb", 8)),
        LaunchRequest.DEFAULT_LIFETIME,
        new LinuxUserData());
  }

  /** The same of spare capacity. */
  LaunchRequest spot() {
    LaunchRequest request = request();
    return new LaunchRequest(
        request.name(),
        request.imageId(),
        request.types(),
        request.keyName(),
        request.securityGroupIds(),
        request.profile(),
        request.subnet(),
        true,
        request.disks(),
        request.maxLifetime(),
        request.userData());
  }

  /** An entry made now, by the account's clock. */
  LeaseEntry entry(String region, Duration lifetime) {
    var now = account.caller().clock().instant();
    return new LeaseEntry(
        LeaseEntry.newToken(),
        account.caller().account(),
        region,
        "ann@laptop",
        "run-0",
        "hg-linux-dev",
        now,
        now.plus(lifetime),
        false,
        null);
  }

  /** Leaves the entry in the journal, as a process does that is killed. */
  LeaseEntry leave(LeaseEntry entry) {
    try (LeaseJournal.Claim claim = journal.create(entry)) {
      return claim.entry();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Launches what an entry stands for, past the journal; gives the instance's id. */
  String launchFor(LeaseEntry entry) {
    fake.in(entry.region());
    String image = fake.in(entry.region()).putImage("other", i -> {});
    LaunchRequest request = request();
    return account
        .clients()
        .ec2(entry.region())
        .runInstances(
            RunInstances.of(request, entry, "c5.9xlarge", Optional.empty()).toBuilder()
                .imageId(image)
                .keyName(null)
                .build())
        .instances()
        .get(0)
        .instanceId();
  }

  List<Outcome> recover() throws InterruptedException {
    return recover(fake.account());
  }

  List<Outcome> recover(Account by) throws InterruptedException {
    return new Recovery(by, journal, time.poll(), told::add).run();
  }

  List<Change> pending() throws InterruptedException {
    return new Recovery(fake.account(), journal, time.poll(), told::add).pending();
  }

  /** What is in the journal, by name. */
  List<String> entries() {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(path -> path.getFileName().toString()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ids of the instances of the first region that cost money. */
  List<String> alive() {
    return fake.contents().alive().stream().map(i -> i.instanceId()).toList();
  }
}
