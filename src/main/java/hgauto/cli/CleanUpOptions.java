package hgauto.cli;

import hgauto.aws.Owner;
import hgauto.aws.plan.Scope;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What the commands have in common that clean up. */
final class CleanUpOptions {
  @Option(names = "--all-owners", description = "Take what belongs to others, too.")
  private boolean allOwners;

  @Option(
      names = "--older-than",
      paramLabel = "AGE",
      converter = DurationConverter.class,
      description =
          "Take only what is older, such as 2h or 30d, and images only if not launched for as long.")
  private Duration olderThan;

  @Option(
      names = "--all-regions",
      description = "Clean up in every region that is enabled for the account.")
  private boolean allRegions;

  @Option(names = "--dry-run", description = "Only say what would be done.")
  private boolean dryRun;

  Scope scope() {
    return new Scope(Owner.here(), allOwners, Optional.ofNullable(olderThan));
  }

  boolean allRegions() {
    return allRegions;
  }

  boolean dryRun() {
    return dryRun;
  }
}
