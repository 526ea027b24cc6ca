package hgauto.testbed.aws;

import hgauto.aws.Account;
import hgauto.aws.Clients;
import hgauto.aws.RegionChoice;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.InstanceProfile;
import software.amazon.awssdk.services.iam.model.Role;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.sts.StsClient;

/**
 * An AWS account in memory, with the few calls that production code makes. It answers as AWS does,
 * with the same errors, and is as slow, as full and as faulty as a test wants. Each region has a
 * default network with three zones. The account's number is 123456789012.
 *
 * <p>A call with a {@link Fault} fails as it does once the SDK has given up on repeating it.
 */
public final class FakeAccount extends FaultyCalls implements Clients {
  /** The region that a fake account has if none is named. */
  public static final String REGION = "us-west-2";

  private final FakeState state = new FakeState();
  private final String first;
  private final Map<String, Ec2Client> ec2 = new TreeMap<>();
  private final Map<String, SsmClient> ssm = new TreeMap<>();
  private final IamClient iam = new FakeIam(this, state);
  private final StsClient sts;

  /** An empty account with one region, {@link #REGION}. */
  public FakeAccount() {
    this(REGION);
  }

  /** An empty account with these regions; its {@link #account()} works in the first. */
  public FakeAccount(String first, String... others) {
    this.first = first;
    addRegion(first);
    for (String other : others) {
      addRegion(other);
    }
    sts = new FakeSts(this, state, first);
  }

  private void addRegion(String name) {
    FakeRegion region = new FakeRegion(name, state);
    state.regions.put(name, region);
    ec2.put(name, new FakeEc2(this, state, name));
    ssm.put(name, new FakeSsm(this, region));
  }

  /** What production code works with: this account, and its first region. */
  public Account account() {
    return new Account(new RegionChoice(first, "for the test"), this);
  }

  /** How slow and how full it is. */
  public Behaviour behaviour() {
    return state.behaviour;
  }

  /** What is in a region; looking at it so is no call. */
  public Contents in(String region) {
    return new Contents(state, state.region(region));
  }

  /** What is in the first region. */
  public Contents contents() {
    return in(first);
  }

  /** Run Command in the first region, and the instances that it reaches there. */
  public PlayedCommands commands() {
    return state.region(first).commands;
  }

  /** AWS's time, from now on. */
  public void setClock(Clock clock) {
    synchronized (state) {
      state.clock = clock;
    }
  }

  /** The roles of the account. */
  public List<Role> roles() {
    synchronized (state) {
      return state.roles.values().stream().map(role -> role.role).toList();
    }
  }

  /** The instance profiles of the account, without their roles. */
  public List<InstanceProfile> profiles() {
    synchronized (state) {
      return List.copyOf(state.profiles.values());
    }
  }

  @Override
  public Ec2Client ec2(String region) {
    return known(ec2, region);
  }

  @Override
  public IamClient iam() {
    return iam;
  }

  @Override
  public SsmClient ssm(String region) {
    return known(ssm, region);
  }

  @Override
  public StsClient sts() {
    return sts;
  }

  private static <T> T known(Map<String, T> clients, String region) {
    if (!clients.containsKey(region)) {
      throw new IllegalArgumentException("the fake account has no region " + region);
    }
    return clients.get(region);
  }

  /** Makes a call as the test wants it. Hooks run outside of the account's monitor. */
  <T> T make(Call call, Supplier<T> effect) {
    Optional<Fault> fault = begin(call);
    fault.ifPresent(wrong -> before(call, wrong));
    T answer;
    synchronized (state) {
      answer = effect.get();
    }
    fault.ifPresent(FakeAccount::after);
    return answer;
  }

  private static void before(Call call, Fault fault) {
    switch (fault.kind()) {
      case THROTTLED, FORBIDDEN, REFUSED ->
          throw Refusal.of(call.service(), fault.code(call.service()), fault.message());
      case DROPPED_BEFORE -> throw Refusal.connectionLost();
      case BEFORE -> fault.hook().run();
      case INSTEAD -> {
        fault.hook().run();
        throw Refusal.connectionLost();
      }
      case ANSWER_LOST, AFTER -> {}
    }
  }

  private static void after(Fault fault) {
    switch (fault.kind()) {
      case ANSWER_LOST -> throw Refusal.connectionLost();
      case AFTER -> fault.hook().run();
      default -> {}
    }
  }
}
