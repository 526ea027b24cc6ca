package hgauto.aws.lease;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Instance types that do as well, for when EC2 has no room for the one that is wanted: as many
 * processors or a few less, not much less memory and up to twice as much, of x86_64, and without a
 * disk of their own unless the first has one too.
 */
public final class InstanceTypes {
  private static final Map<String, List<String>> SIMILAR =
      Map.of(
          "c7i.8xlarge", List.of("c6i.8xlarge", "c7a.8xlarge", "m7i.8xlarge", "m6i.8xlarge"),
          "c7i.2xlarge", List.of("c6i.2xlarge", "c7a.2xlarge", "m7i.2xlarge", "m6i.2xlarge"),
          "c5.9xlarge", List.of("c6i.8xlarge", "c7i.8xlarge", "m6i.8xlarge"),
          "m6i.large", List.of("m7i.large", "m5.large"),
          "t3.2xlarge", List.of("t3a.2xlarge", "m6i.2xlarge"));

  private InstanceTypes() {}

  /** The type, and those to try after it, best first; only the type where none is known. */
  public static List<String> orSimilar(String type) {
    return Stream.concat(Stream.of(type), SIMILAR.getOrDefault(type, List.of()).stream()).toList();
  }
}
