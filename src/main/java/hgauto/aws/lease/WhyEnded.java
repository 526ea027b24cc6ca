package hgauto.aws.lease;

import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceStateName;
import software.amazon.awssdk.services.ec2.model.StateReason;

/** What EC2 gives as the reason for the end of an instance. */
final class WhyEnded {
  private static final String INTERRUPTED = "Server.SpotInstanceTermination";

  private WhyEnded() {}

  static boolean hasEnded(Instance instance) {
    InstanceStateName state = instance.state().name();
    return state != InstanceStateName.PENDING && state != InstanceStateName.RUNNING;
  }

  /** For a person: "EC2 took it back, …", or what EC2 says. */
  static String of(Instance instance) {
    StateReason reason = instance.stateReason();
    if (interrupted(instance)) {
      return "EC2 took it back, as it may with spot instances: " + reason.message();
    }
    return reason == null || reason.message() == null
        ? "it was " + instance.state().nameAsString()
        : reason.message();
  }

  /** What to do about it. */
  static String next(Instance instance) {
    return interrupted(instance)
        ? "Run the command again, or without --spot."
        : "See to that, and run the command again.";
  }

  private static boolean interrupted(Instance instance) {
    StateReason reason = instance.stateReason();
    return reason != null && INTERRUPTED.equals(reason.code());
  }
}
