package hgauto.task;

import hgauto.aws.lease.LaunchTerms;
import hgauto.hg.Changeset;
import hgauto.hg.Checkout;
import hgauto.windows.build.BuildMachines;
import hgauto.windows.build.PackagesForecast;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Where the machines come from that packages are built on. */
interface PackageMachines {
  /**
   * Machines that are not launched yet.
   *
   * @param dollarsPerHour of one with that instance type; empty if that is not known
   * @param forImage how long the machine was there on which the image was made, by its instance
   *     type; empty if it was not missing
   */
  record Ready(
      BuildMachines machines,
      Function<String, Optional<Double>> dollarsPerHour,
      Map<String, Duration> forImage) {}

  /**
   * Says what all of it will take and cost, and then sees to all that they need.
   *
   * @param changeset of the checkout, whose scripts say what is on them
   * @param baseImage what they are made from, as the person says
   * @param forecast of the builds
   * @throws hgauto.error.UsageException before anything is made, if a machine would end too early
   */
  Ready ready(
      Checkout checkout,
      Changeset changeset,
      String baseImage,
      LaunchTerms terms,
      PackagesForecast forecast)
      throws InterruptedException;
}
