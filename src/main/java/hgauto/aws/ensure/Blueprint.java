package hgauto.aws.ensure;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import hgauto.aws.inventory.Kind;
import hgauto.aws.inventory.Names;
import hgauto.resource.Resource;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** What should be in an account for a kind of machine, as data. All need a key pair, too. */
public final class Blueprint {
  /** Linux machines are reached by SSH alone, and have no role. */
  public static final Blueprint LINUX =
      new Blueprint(
          new Group(Names.LINUX_GROUP, "Temporary Linux machines of Mercurial"), Optional.empty());

  /** Windows machines are reached by Systems Manager as well, whose agent needs a role. */
  public static final Blueprint WINDOWS =
      new Blueprint(
          new Group(Names.WINDOWS_GROUP, "Temporary Windows machines of Mercurial"),
          Optional.of(
              new Access(
                  Names.ROLE,
                  Names.INSTANCE_PROFILE,
                  "Temporary machines of Mercurial",
                  Resource.text(Blueprint.class, "ec2-trust.json"),
                  "hgauto-ssm-agent",
                  Resource.text(Blueprint.class, "ssm-agent-policy.json"),
                  ":policy/service-role/AmazonEC2RoleforSSM")));

  /** The port of SSH, the only one that is open. */
  static final int PORT = 22;

  /**
   * A security group.
   *
   * @param description as AWS keeps it; it cannot be changed later
   */
  record Group(String name, String description) {}

  /**
   * What a machine may do in the account: a role, and the instance profile that gives it to the
   * machine.
   *
   * @param trust who may take the role, as JSON
   * @param policyName of the role's one policy
   * @param policy as JSON
   * @param formerPolicy the end of the ARN of the policy that automation.py gave the role, which
   *     allows more
   */
  record Access(
      String role,
      String profile,
      String description,
      String trust,
      String policyName,
      String policy,
      String formerPolicy) {
    /** Whether both are the same JSON, however it is laid out. */
    static boolean same(String document, String other) {
      return json(document).equals(json(other));
    }

    private static JsonElement json(String document) {
      return JsonParser.parseString(document);
    }
  }

  private final Group group;
  private final Optional<Access> access;

  private Blueprint(Group group, Optional<Access> access) {
    this.group = group;
    this.access = access;
  }

  Group group() {
    return group;
  }

  /** Empty if such machines may do nothing in the account. */
  Optional<Access> access() {
    return access;
  }

  /** What a sweep has to look for. */
  Set<Kind> kinds() {
    Set<Kind> kinds = EnumSet.of(Kind.KEY_PAIRS, Kind.SECURITY_GROUPS);
    if (access.isPresent()) {
      kinds.add(Kind.IAM);
    }
    return kinds;
  }
}
