package hgauto.aws.inventory;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Who has an instance profile.
 *
 * @param instances those seen, in any region, whosever they are
 * @param unseen the regions whose instances the caller may not list, or that cannot be reached
 */
public record ProfileUsers(List<Instance> instances, List<String> unseen) {
  /**
   * Why the profile has to stay, for a person; empty if it need not.
   *
   * @param staying tells which instances count
   */
  public Optional<String> reason(Predicate<Instance> staying) {
    return instances.stream()
        .filter(staying)
        .map(
            instance ->
                "instance " + instance.id() + " in " + instance.region() + " uses it, which stays")
        .findFirst()
        .or(
            () ->
                unseen.stream()
                    .findFirst()
                    .map(region -> "cannot see whether an instance in " + region + " uses it"));
  }
}
