package hgauto.aws.inventory;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Estimates what things cost, in US dollars, by a list of on-demand prices in us-west-2. Traffic,
 * surplus credits, discounts and tax are not in it.
 */
public final class Prices {
  /** What AWS reckons a month to have. */
  public static final int HOURS_A_MONTH = 730;

  private static final String RESOURCE = "prices.properties";
  private static final Set<String> BILLED_STATES = Set.of("pending", "running");
  private static final Pattern TYPE = Pattern.compile("\\w+\\.(?:large|([0-9]*)xlarge)");

  private final Properties prices = new Properties();

  /** The prices that came with this version of hgauto. */
  public Prices() {
    try (InputStream list = Prices.class.getResourceAsStream(RESOURCE)) {
      prices.load(list);
    } catch (IOException e) {
      throw new UncheckedIOException("our own " + RESOURCE, e);
    }
  }

  /**
   * Dollars an hour. A stopped instance costs nothing itself, but its volumes do.
   *
   * @return empty where the price is not known, which is not to be taken for nothing
   */
  public Optional<Double> perHour(Resource resource) {
    if (resource instanceof Instance instance) {
      return BILLED_STATES.contains(instance.state()) ? ofRunning(instance) : Optional.of(0.0);
    }
    if (resource instanceof Volume volume) {
      return perGib("volume." + volume.type(), volume.sizeGib());
    }
    if (resource instanceof Snapshot snapshot) {
      return perGib("snapshot", snapshot.sizeGib());
    }
    if (resource instanceof Image image) {
      return perGib("snapshot", image.sizeGib());
    }
    return Optional.of(0.0);
  }

  /**
   * Dollars an hour for a Linux machine of that type that runs and has a public address; its disks
   * come on top.
   *
   * @return empty where the price is not known
   */
  public Optional<Double> perHour(String type) {
    return linux(type).map(machine -> machine + price("address").orElse(0.0));
  }

  /**
   * The same with its disks, which are gp3.
   *
   * @param diskGib of all of them
   */
  public Optional<Double> perHour(String type, long diskGib) {
    return perHour(type)
        .flatMap(machine -> perGib("volume.gp3", diskGib).map(disks -> machine + disks));
  }

  /** The same for a Windows machine. */
  public Optional<Double> perHourOfWindows(String type, long diskGib) {
    return perHour(type, diskGib).flatMap(linux -> licence(type).map(windows -> linux + windows));
  }

  private Optional<Double> ofRunning(Instance instance) {
    String type = instance.type();
    double address = instance.address().flatMap(any -> price("address")).orElse(0.0);
    Optional<Double> licence = instance.windows() ? licence(type) : Optional.of(0.0);
    return linux(type).flatMap(machine -> licence.map(more -> machine + more + address));
  }

  private Optional<Double> licence(String type) {
    return price("windows." + type).or(() -> byVcpus("windows.vcpu", type));
  }

  private Optional<Double> linux(String type) {
    return price("hour." + type).or(() -> byVcpus("vcpu." + type.replaceFirst("\\..*", ""), type));
  }

  private Optional<Double> byVcpus(String key, String type) {
    return price(key).flatMap(each -> vcpus(type).map(number -> each * number));
  }

  /** How many processors a type has, by the name of its size; empty for unusual ones. */
  public static Optional<Integer> vcpus(String type) {
    Matcher size = TYPE.matcher(type);
    if (!size.matches()) {
      return Optional.empty(); // such as bare metal
    }
    String xlarge = size.group(1);
    if (xlarge == null) {
      return Optional.of(2);
    }
    return Optional.of(xlarge.isEmpty() ? 4 : 4 * Integer.parseInt(xlarge));
  }

  private Optional<Double> perGib(String key, long gib) {
    return price(key).map(month -> month * gib / HOURS_A_MONTH);
  }

  private Optional<Double> price(String key) {
    return Optional.ofNullable(prices.getProperty(key)).map(Double::valueOf);
  }
}
