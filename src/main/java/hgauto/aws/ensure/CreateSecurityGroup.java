package hgauto.aws.ensure;

import hgauto.aws.Account;
import hgauto.aws.AwsCall;
import hgauto.aws.plan.Change;
import hgauto.aws.plan.Outcome;
import hgauto.poll.Poll;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.CreateSecurityGroupRequest;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.SecurityGroup;

/** Makes a security group that lets in who may connect. The outcome's id is the group's. */
record CreateSecurityGroup(Change change, Blueprint.Group group, Need need) implements Making {
  static CreateSecurityGroup of(String region, Need need) {
    Blueprint.Group group = need.blueprint().group();
    return new CreateSecurityGroup(
        new Change(
            "create",
            "security group",
            region,
            group.name(),
            "SSH from "
                + need.ranges().stream().map(Cidr::toString).collect(Collectors.joining(", "))
                + ", nothing else"),
        group,
        need);
  }

  @Override
  public Rank rank() {
    return Rank.MAKE;
  }

  @Override
  public Outcome make(Account account, Poll poll) throws InterruptedException {
    Ec2Client ec2 = account.clients().ec2(change.region());
    AtomicReference<String> made = new AtomicReference<>();
    boolean ours = Making.unless("InvalidGroup.Duplicate", () -> made.set(create(ec2)));
    String id = ours ? made.get() : find(ec2, poll);
    IngressRules rules = new IngressRules(ec2, change.region(), id);
    for (Cidr from : need.ranges()) {
      Making.onceKnown(
          poll,
          "security group " + id,
          "InvalidGroup.NotFound",
          () -> rules.admit(from, need.owner()));
    }
    return ours
        ? Outcome.made(change, id)
        : new Outcome(change, Outcome.Result.ALREADY, id, "", "");
  }

  private String create(Ec2Client ec2) {
    CreateSecurityGroupRequest request =
        CreateSecurityGroupRequest.builder()
            .groupName(group.name())
            .description(group.description())
            .vpcId(need.vpcId())
            .tagSpecifications(OwnerTag.of(need.owner(), ResourceType.SECURITY_GROUP))
            .build();
    return AwsCall.make(
        "ec2:CreateSecurityGroup",
        "create security group " + group.name() + " in " + change.region(),
        () -> ec2.createSecurityGroup(request).groupId());
  }

  /** The id of the one that somebody else has just made. */
  private String find(Ec2Client ec2, Poll poll) throws InterruptedException {
    return poll.until(
        "security group " + group.name() + " in " + change.region() + " to be shown",
        EVERY,
        AT_MOST,
        () ->
            AwsCall.make(
                "ec2:DescribeSecurityGroups",
                "look for security group " + group.name() + " in " + change.region(),
                () ->
                    ec2
                        .describeSecurityGroups(
                            r ->
                                r.filters(
                                    filter("group-name", group.name()),
                                    filter("vpc-id", need.vpcId())))
                        .securityGroups()
                        .stream()
                        .map(SecurityGroup::groupId)
                        .findFirst()));
  }

  private static Filter filter(String name, String value) {
    return Filter.builder().name(name).values(value).build();
  }
}
