package hgauto.testbed.aws;

import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.services.iam.model.InstanceProfile;

/** All that the fake account holds. Its monitor guards it, what is in it, and its regions. */
final class FakeState {
  static final String ACCOUNT = "123456789012";

  final Behaviour behaviour = new Behaviour();
  final Looks looks = new Looks();
  final Map<String, FakeRegion> regions = new TreeMap<>();
  final Map<String, FakeRole> roles = new LinkedHashMap<>();

  /** Without their roles, which are in {@link #profileRoles} by the profile's name. */
  final Map<String, InstanceProfile> profiles = new LinkedHashMap<>();

  final Map<String, String> profileRoles = new LinkedHashMap<>();
  Clock clock = Clock.systemUTC();
  private long lastId;

  /** As {@code i-0000000000000002a}. */
  String newId(String prefix) {
    lastId++;
    return String.format("%s-%017x", prefix, lastId);
  }

  /** A number of its own for every thing. */
  long newNumber() {
    return ++lastId;
  }

  FakeRegion region(String name) {
    FakeRegion region = regions.get(name);
    if (region == null) {
      throw new IllegalArgumentException("the fake account has no region " + name);
    }
    return region;
  }
}
