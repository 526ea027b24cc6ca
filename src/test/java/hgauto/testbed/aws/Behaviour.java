package hgauto.testbed.aws;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How slow and how full the fake account is. All numbers are of "looks", that is of calls that ask
 * for the thing, and are 0 at first: everything is seen and done at once.
 */
public final class Behaviour {
  int pending;
  int ending;
  int imagePending;
  int instancesHidden;
  int groupsHidden;
  int profilesHidden;
  int profilesRefused;
  int groupsInUse;
  boolean imagesFail;
  private final List<Limit> limits = new ArrayList<>();

  private record Limit(String type, String zone, String code) {
    boolean meets(String otherType, String otherZone) {
      return (type == null || type.equals(otherType)) && (zone == null || zone.equals(otherZone));
    }
  }

  Behaviour() {}

  /** A new instance stays pending for so many looks. */
  public Behaviour instancesPendingFor(int looks) {
    pending = looks;
    return this;
  }

  /** An instance stays shutting down, or stopping, for so many looks. */
  public Behaviour instancesEndingFor(int looks) {
    ending = looks;
    return this;
  }

  /** A new image stays pending for so many looks. */
  public Behaviour imagesPendingFor(int looks) {
    imagePending = looks;
    return this;
  }

  /** New images come to nothing. */
  public Behaviour imagesFail() {
    imagesFail = true;
    return this;
  }

  /** A new instance is not there for so many looks; nor can it be ended or tagged. */
  public Behaviour instancesHiddenFor(int looks) {
    instancesHidden = looks;
    return this;
  }

  /** A new security group is not there for so many looks; nor can it be used. */
  public Behaviour groupsHiddenFor(int looks) {
    groupsHidden = looks;
    return this;
  }

  /** A new instance profile is not there for so many looks. */
  public Behaviour profilesHiddenFor(int looks) {
    profilesHidden = looks;
    return this;
  }

  /** So many launches with a new instance profile are refused: IAM has not told EC2 yet. */
  public Behaviour profilesRefusedFor(int launches) {
    profilesRefused = launches;
    return this;
  }

  /** A security group that an instance had cannot be deleted so many times after its end. */
  public Behaviour groupsInUseFor(int deletions) {
    groupsInUse = deletions;
    return this;
  }

  /**
   * Launches are refused from now on.
   *
   * @param type of the instances; null for every type
   * @param zone the availability zone; null for all
   * @param code {@code InsufficientInstanceCapacity}, {@code VcpuLimitExceeded}, {@code
   *     Unsupported} or another
   */
  public Behaviour refuseLaunches(String type, String zone, String code) {
    limits.add(new Limit(type, zone, code));
    return this;
  }

  /** The code by which a launch is refused; empty if it is not. */
  Optional<String> limit(String type, String zone) {
    return limits.stream().filter(limit -> limit.meets(type, zone)).map(Limit::code).findFirst();
  }
}
