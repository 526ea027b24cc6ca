package hgauto.cli;

import hgauto.aws.ensure.Cidr;
import hgauto.aws.lease.LaunchRequest;
import hgauto.aws.lease.LaunchTerms;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Option;

/** What the commands have in common that launch machines in EC2. */
final class LaunchOptions {
  @Option(
      names = "--ssh-from",
      paramLabel = "CIDR",
      split = ",",
      converter = CidrConverter.class,
      description =
          "The addresses that may connect to the machines, such as 203.0.113.0/24; may be repeated"
              + " (default: this machine's public address).")
  private Set<Cidr> sshFrom = Set.of();

  @Option(
      names = "--subnet",
      paramLabel = "ID",
      description = "The subnet for the machines (default: any of the default network).")
  private String subnet;

  @Option(
      names = "--max-lifetime",
      paramLabel = "TIME",
      converter = LifetimeConverter.class,
      description =
          "When a machine ends itself, whatever becomes of this command: 5m to 7d (default: 4h).")
  private Duration maxLifetime = LaunchRequest.DEFAULT_LIFETIME;

  @Option(
      names = "--keep-on-failure",
      description =
          "If it fails, leave the machine running until then, and say how to connect to it."
              + " One that nobody can log in to is ended all the same.")
  private boolean keepOnFailure;

  LaunchTerms terms() {
    return new LaunchTerms(sshFrom, Optional.ofNullable(subnet), maxLifetime, keepOnFailure);
  }
}
