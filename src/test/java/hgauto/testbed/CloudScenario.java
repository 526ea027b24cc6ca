package hgauto.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import hgauto.aws.Owner;
import hgauto.aws.inventory.Kind;
import hgauto.aws.inventory.Resource;
import hgauto.aws.inventory.Sweep;
import hgauto.aws.lease.LeaseJournal;
import hgauto.aws.plan.Scope;
import hgauto.console.Console;
import hgauto.error.HgautoException;
import hgauto.poll.Poll;
import hgauto.state.StateFolder;
import hgauto.task.PurgeResources;
import hgauto.task.TerminateInstances;
import hgauto.testbed.aws.AwsProxy;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceStateName;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;

/** A command that calls AWS, and the account in which it does. */
public enum CloudScenario {
  /** One that needs a machine. */
  MACHINE {
    @Override
    String carryOut(AwsProxy aws, StateFolder state, String image, Poll poll)
        throws InterruptedException {
      MachineProgram.run(aws.account(), state, image, poll, line -> {});
      return "";
    }

    @Override
    public void next(AwsProxy aws, StateFolder state, Poll poll) throws InterruptedException {
      MachineProgram.recover(aws.account(), state, poll, line -> {});
      assertThat(ofOurs(aws)).as("launched by one run").hasSizeLessThanOrEqualTo(1);
    }

    @Override
    public String mainClass() {
      return MachineProgram.class.getName();
    }

    @Override
    public List<String> arguments(StateFolder state, String image) {
      return List.of(state.root().toString(), image);
    }
  },

  /** {@code terminate-ec2-instances}. */
  TERMINATE {
    @Override
    String carryOut(AwsProxy aws, StateFolder state, String image, Poll poll)
        throws InterruptedException {
      StringWriter told = new StringWriter();
      int code =
          new TerminateInstances(
                  console(told), aws.account(), new LeaseJournal(state.leases()), poll)
              .run(new TerminateInstances.Request(OWN, false, false));
      return code == 0 ? "" : told.toString();
    }

    @Override
    public List<String> arguments(StateFolder state, String image) {
      return List.of("--state-path", state.root().toString(), "terminate-ec2-instances");
    }
  },

  /** {@code purge-ec2-resources}. */
  PURGE {
    @Override
    String carryOut(AwsProxy aws, StateFolder state, String image, Poll poll)
        throws InterruptedException {
      StringWriter told = new StringWriter();
      int code =
          new PurgeResources(console(told), aws.account(), new LeaseJournal(state.leases()), poll)
              .run(new PurgeResources.Request(OWN, false, state.keys(), true, false, true));
      return code == 0 ? "" : told.toString();
    }

    @Override
    public void check(AwsProxy aws) throws InterruptedException {
      super.check(aws);
      assertThat(
              Sweep.of(aws.account(), AwsProxy.REGION, EnumSet.allOf(Kind.class))
                  .all()
                  .map(Resource::toString))
          .as("of ours")
          .isEmpty();
    }

    @Override
    public List<String> arguments(StateFolder state, String image) {
      return List.of(
          "--state-path", state.root().toString(), "purge-ec2-resources", "--yes", "--keys");
    }
  };

  private static final Scope OWN = new Scope(Owner.here(), false, Optional.empty());

  /**
   * Puts into the account what the command finds there, and a running instance of somebody else's.
   *
   * @return an image to launch
   */
  public String prepare(AwsProxy aws, StateFolder state) throws InterruptedException {
    Ec2Client ec2 = aws.clients().ec2(AwsProxy.REGION);
    String image =
        ec2.registerImage(r -> r.name("base").architecture("x86_64").rootDeviceName("/dev/sda1"))
            .imageId();
    ec2.runInstances(r -> r.imageId(image).minCount(1).maxCount(1));
    if (this == MACHINE) {
      return image;
    }
    ec2.runInstances(
        r -> r.imageId(image).minCount(3).maxCount(3).tagSpecifications(ours("instance")));
    if (this == PURGE) {
      MachineProgram.run(aws.account(), state, image, new Sleepless().poll(), line -> {});
      String instance = ofOurs(aws).get(0).instanceId();
      ec2.createImage(
          r ->
              r.instanceId(instance)
                  .name("hg-linux-dev-debian12-0123abcd")
                  .tagSpecifications(ours("image"), ours("snapshot")));
      ec2.createVolume(
          r -> r.availabilityZone("us-west-2a").size(8).tagSpecifications(ours("volume")));
    }
    return image;
  }

  /**
   * Runs the command in this JVM.
   *
   * @return what it told, if something went wrong; else nothing
   */
  public final String run(AwsProxy aws, StateFolder state, String image, Poll poll)
      throws InterruptedException {
    try {
      return carryOut(aws, state, image, poll);
    } catch (HgautoException e) {
      return e.what() + "\n" + e.why() + "\n" + e.next();
    }
  }

  abstract String carryOut(AwsProxy aws, StateFolder state, String image, Poll poll)
      throws InterruptedException;

  /** The command that a person gives next, which all goes well with. */
  public void next(AwsProxy aws, StateFolder state, Poll poll) throws InterruptedException {
    assertThat(run(aws, state, "", poll)).isEmpty();
  }

  /** Fails unless nothing of ours is left that the command is to end, and all of others' is. */
  public void check(AwsProxy aws) throws InterruptedException {
    assertThat(instances(aws))
        .as("alive")
        .filteredOn(CloudScenario::alive)
        .singleElement()
        .satisfies(it -> assertThat(it.tags()).isEmpty());
  }

  /** The class whose {@code main} is the command as a process. */
  public String mainClass() {
    return "hgauto.cli.Main";
  }

  /** Its arguments. */
  public abstract List<String> arguments(StateFolder state, String image);

  private static Console console(StringWriter told) {
    PrintWriter writer = new PrintWriter(told);
    return new Console(writer, writer, false, false);
  }

  private static TagSpecification ours(String type) {
    return TagSpecification.builder()
        .resourceType(ResourceType.fromValue(type))
        .tags(Tag.builder().key(Owner.TAG).value(Owner.here()).build())
        .build();
  }

  private static boolean alive(Instance instance) {
    InstanceStateName state = instance.state().name();
    return state != InstanceStateName.TERMINATED && state != InstanceStateName.SHUTTING_DOWN;
  }

  private static List<Instance> ofOurs(AwsProxy aws) {
    return instances(aws).stream().filter(it -> !it.tags().isEmpty()).toList();
  }

  private static List<Instance> instances(AwsProxy aws) {
    return aws.clients().ec2(AwsProxy.REGION).describeInstances().reservations().stream()
        .flatMap(it -> it.instances().stream())
        .toList();
  }
}
