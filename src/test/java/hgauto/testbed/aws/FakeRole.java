package hgauto.testbed.aws;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.iam.model.Role;

/** A role, with its policies. */
final class FakeRole {
  Role role;

  /** ARNs, in the order in which they were attached. */
  final Set<String> attached = new LinkedHashSet<>();

  /** URL-encoded documents of the inline policies, by name. */
  final Map<String, String> inline = new LinkedHashMap<>();

  FakeRole(Role role) {
    this.role = role;
  }
}
