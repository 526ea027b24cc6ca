package hgauto.aws.inventory;

import static java.nio.charset.StandardCharsets.UTF_8;

import hgauto.aws.AwsCall;
import hgauto.aws.Parallel;
import hgauto.error.EnvironmentException;
import java.net.URLDecoder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.AttachedPolicy;

/** Looks for our instance profile and our role, by their names. It starts when it is made. */
final class IamSearch {
  private final IamClient iam;
  private final Future<Optional<InstanceProfile>> profile;
  private final Future<Optional<software.amazon.awssdk.services.iam.model.Role>> role;
  private final Future<Optional<List<String>>> attachedPolicies;
  private final Future<Optional<List<String>>> inlinePolicies;

  IamSearch(IamClient iam) {
    this.iam = iam;
    profile = Parallel.start(this::findProfile);
    role = Parallel.start(this::findRole);
    attachedPolicies = Parallel.start(this::findAttachedPolicies);
    inlinePolicies = Parallel.start(this::findInlinePolicies);
  }

  Optional<InstanceProfile> profile() throws InterruptedException {
    return Parallel.get(profile);
  }

  Optional<Role> role() throws InterruptedException {
    Map<String, Future<Optional<String>>> asked = new TreeMap<>();
    for (String name : Parallel.get(inlinePolicies).orElse(List.of())) {
      asked.put(name, Parallel.start(() -> findDocument(name)));
    }
    Map<String, String> documents = new TreeMap<>();
    for (Map.Entry<String, Future<Optional<String>>> one : asked.entrySet()) {
      Parallel.get(one.getValue())
          .ifPresent(document -> documents.put(one.getKey(), decoded(document)));
    }
    List<String> attached = Parallel.get(attachedPolicies).orElse(List.of());
    return Parallel.get(role)
        .map(
            found ->
                new Role(
                    found.roleName(),
                    Tags.ofIam(found.tags()).ownership().orElse(Ownership.LEGACY),
                    found.createDate(),
                    decoded(found.assumeRolePolicyDocument()),
                    attached,
                    documents));
  }

  private Optional<InstanceProfile> findProfile() {
    return ifThere(
            "iam:GetInstanceProfile",
            "look at the instance profile " + Names.INSTANCE_PROFILE,
            () ->
                iam.getInstanceProfile(
                        request -> request.instanceProfileName(Names.INSTANCE_PROFILE))
                    .instanceProfile())
        .map(
            found ->
                new InstanceProfile(
                    found.instanceProfileName(),
                    found.arn(),
                    Tags.ofIam(found.tags()).ownership().orElse(Ownership.LEGACY),
                    found.createDate(),
                    found.roles().stream()
                        .map(software.amazon.awssdk.services.iam.model.Role::roleName)
                        .toList()));
  }

  private Optional<software.amazon.awssdk.services.iam.model.Role> findRole() {
    return ifThere(
        "iam:GetRole",
        "look at the role " + Names.ROLE,
        () -> iam.getRole(request -> request.roleName(Names.ROLE)).role());
  }

  private Optional<List<String>> findAttachedPolicies() {
    return ifThere(
        "iam:ListAttachedRolePolicies",
        "list the policies attached to the role " + Names.ROLE,
        () ->
            iam
                .listAttachedRolePoliciesPaginator(request -> request.roleName(Names.ROLE))
                .attachedPolicies()
                .stream()
                .map(AttachedPolicy::policyArn)
                .toList());
  }

  private Optional<List<String>> findInlinePolicies() {
    return ifThere(
        "iam:ListRolePolicies",
        "list the policies of the role " + Names.ROLE,
        () ->
            iam
                .listRolePoliciesPaginator(request -> request.roleName(Names.ROLE))
                .policyNames()
                .stream()
                .toList());
  }

  private Optional<String> findDocument(String policy) {
    return ifThere(
        "iam:GetRolePolicy",
        "look at policy " + policy + " of the role " + Names.ROLE,
        () ->
            iam.getRolePolicy(request -> request.roleName(Names.ROLE).policyName(policy))
                .policyDocument());
  }

  private static <T> Optional<T> ifThere(String action, String what, Supplier<T> call) {
    try {
      return Optional.of(AwsCall.make(action, what, call));
    } catch (EnvironmentException e) {
      if (AwsCall.code(e).equals("NoSuchEntity")) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** IAM answers with percent-encoded JSON. */
  private static String decoded(String document) {
    return URLDecoder.decode(document, UTF_8);
  }
}
