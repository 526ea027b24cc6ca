package hgauto.cli;

import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads how long a machine may live: 5 minutes, which its boot takes in part, to 7 days. */
final class LifetimeConverter implements ITypeConverter<Duration> {
  private static final Duration SHORTEST = Duration.ofMinutes(5);
  private static final Duration LONGEST = Duration.ofDays(7);

  @Override
  public Duration convert(String value) {
    Duration lifetime = new DurationConverter().convert(value);
    if (lifetime.compareTo(SHORTEST) < 0 || lifetime.compareTo(LONGEST) > 0) {
      throw new TypeConversionException("'" + value + "' is not between 5m and 7d");
    }
    return lifetime;
  }
}
