package hgauto.task;

import hgauto.suite.MachineTime;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What machines in EC2 cost by their prices on demand, in US dollars; AWS bills by the second. */
final class MachineCost {
  private MachineCost() {}

  /**
   * What they have cost all together; empty if that of one is not known.
   *
   * @param type that was wanted, for which a machine is taken whose type is not known
   * @param perHour the price of a type
   */
  static Optional<Double> of(
      List<MachineTime> machines, String type, Function<String, Optional<Double>> perHour) {
    return machines.stream()
        .map(
            machine ->
                perHour
                    .apply(machine.type().orElse(type))
                    .map(dollars -> dollars * hours(machine.duration())))
        .reduce(Optional.of(0.0), (some, more) -> some.flatMap(a -> more.map(b -> a + b)));
  }

  private static double hours(Duration duration) {
    return (double) duration.toMillis() / Duration.ofHours(1).toMillis();
  }
}
