package hgauto.aws.lease;

import hgauto.aws.ensure.Cidr;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * What a person says about the machines that a command launches, whatever they are for.
 *
 * @param sshFrom where they may be reached from; empty for this machine's public address
 * @param subnetId to launch them into; empty for the default network
 * @param maxLifetime after which each ends itself
 * @param keepOnFailure whether they are kept if the command fails ({@link Lease#keep})
 */
public record LaunchTerms(
    Set<Cidr> sshFrom, Optional<String> subnetId, Duration maxLifetime, boolean keepOnFailure) {
  /** Keeps a copy of the ranges. */
  public LaunchTerms {
    sshFrom = Set.copyOf(sshFrom);
  }
}
