package hgauto.testbed.aws;

import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.iam.model.AttachRolePolicyRequest;
import software.amazon.awssdk.services.iam.model.AttachRolePolicyResponse;
import software.amazon.awssdk.services.iam.model.AttachedPolicy;
import software.amazon.awssdk.services.iam.model.CreateRoleRequest;
import software.amazon.awssdk.services.iam.model.CreateRoleResponse;
import software.amazon.awssdk.services.iam.model.DeleteRolePolicyRequest;
import software.amazon.awssdk.services.iam.model.DeleteRolePolicyResponse;
import software.amazon.awssdk.services.iam.model.DeleteRoleRequest;
import software.amazon.awssdk.services.iam.model.DeleteRoleResponse;
import software.amazon.awssdk.services.iam.model.DetachRolePolicyRequest;
import software.amazon.awssdk.services.iam.model.DetachRolePolicyResponse;
import software.amazon.awssdk.services.iam.model.GetRolePolicyRequest;
import software.amazon.awssdk.services.iam.model.GetRolePolicyResponse;
import software.amazon.awssdk.services.iam.model.GetRoleRequest;
import software.amazon.awssdk.services.iam.model.GetRoleResponse;
import software.amazon.awssdk.services.iam.model.ListAttachedRolePoliciesRequest;
import software.amazon.awssdk.services.iam.model.ListAttachedRolePoliciesResponse;
import software.amazon.awssdk.services.iam.model.ListRolePoliciesRequest;
import software.amazon.awssdk.services.iam.model.ListRolePoliciesResponse;
import software.amazon.awssdk.services.iam.model.PutRolePolicyRequest;
import software.amazon.awssdk.services.iam.model.PutRolePolicyResponse;
import software.amazon.awssdk.services.iam.model.Role;
import software.amazon.awssdk.services.iam.model.UpdateAssumeRolePolicyRequest;
import software.amazon.awssdk.services.iam.model.UpdateAssumeRolePolicyResponse;

/** The roles of the account. */
final class FakeRoles {
  private final FakeState account;

  FakeRoles(FakeState account) {
    this.account = account;
  }

  /** The role of that name, which must be there. */
  FakeRole named(String name) {
    FakeRole role = account.roles.get(name);
    if (role == null) {
      throw Refusal.iam("NoSuchEntity", "The role with name " + name + " cannot be found.");
    }
    return role;
  }

  GetRoleResponse get(GetRoleRequest request) {
    return GetRoleResponse.builder().role(named(request.roleName()).role).build();
  }

  CreateRoleResponse create(CreateRoleRequest request) {
    String name = request.roleName();
    if (account.roles.containsKey(name)) {
      throw Refusal.iam("EntityAlreadyExists", "Role with name " + name + " already exists.");
    }
    String path = request.path() == null ? "/" : request.path();
    Role role =
        Role.builder()
            .roleName(name)
            .roleId(account.newId("AROA"))
            .path(path)
            .arn("arn:aws:iam::" + FakeState.ACCOUNT + ":role" + path + name)
            .createDate(account.clock.instant())
            .description(request.description())
            .assumeRolePolicyDocument(encoded(request.assumeRolePolicyDocument()))
            .tags(request.tags())
            .build();
    account.roles.put(name, new FakeRole(role));
    return CreateRoleResponse.builder().role(role).build();
  }

  UpdateAssumeRolePolicyResponse updateTrust(UpdateAssumeRolePolicyRequest request) {
    FakeRole role = named(request.roleName());
    role.role =
        role.role.toBuilder().assumeRolePolicyDocument(encoded(request.policyDocument())).build();
    return UpdateAssumeRolePolicyResponse.builder().build();
  }

  DeleteRoleResponse delete(DeleteRoleRequest request) {
    FakeRole role = named(request.roleName());
    if (account.profileRoles.containsValue(request.roleName())) {
      throw conflict("must remove roles from instance profile first.");
    }
    if (!role.attached.isEmpty()) {
      throw conflict("must detach all policies first.");
    }
    if (!role.inline.isEmpty()) {
      throw conflict("must delete policies first.");
    }
    account.roles.remove(request.roleName());
    return DeleteRoleResponse.builder().build();
  }

  ListAttachedRolePoliciesResponse listAttached(ListAttachedRolePoliciesRequest request) {
    return ListAttachedRolePoliciesResponse.builder()
        .isTruncated(false)
        .attachedPolicies(
            named(request.roleName()).attached.stream()
                .map(
                    arn ->
                        AttachedPolicy.builder()
                            .policyArn(arn)
                            .policyName(arn.substring(arn.lastIndexOf('/') + 1))
                            .build())
                .toList())
        .build();
  }

  AttachRolePolicyResponse attach(AttachRolePolicyRequest request) {
    FakeRole role = named(request.roleName());
    if (!request.policyArn().startsWith("arn:aws:iam::aws:policy/")) {
      throw noPolicy(request.policyArn());
    }
    role.attached.add(request.policyArn());
    return AttachRolePolicyResponse.builder().build();
  }

  DetachRolePolicyResponse detach(DetachRolePolicyRequest request) {
    if (!named(request.roleName()).attached.remove(request.policyArn())) {
      throw noPolicy(request.policyArn());
    }
    return DetachRolePolicyResponse.builder().build();
  }

  ListRolePoliciesResponse listInline(ListRolePoliciesRequest request) {
    return ListRolePoliciesResponse.builder()
        .isTruncated(false)
        .policyNames(List.copyOf(named(request.roleName()).inline.keySet()))
        .build();
  }

  GetRolePolicyResponse getInline(GetRolePolicyRequest request) {
    Map<String, String> inline = named(request.roleName()).inline;
    if (!inline.containsKey(request.policyName())) {
      throw noInline(request.policyName());
    }
    return GetRolePolicyResponse.builder()
        .roleName(request.roleName())
        .policyName(request.policyName())
        .policyDocument(inline.get(request.policyName()))
        .build();
  }

  PutRolePolicyResponse putInline(PutRolePolicyRequest request) {
    named(request.roleName()).inline.put(request.policyName(), encoded(request.policyDocument()));
    return PutRolePolicyResponse.builder().build();
  }

  DeleteRolePolicyResponse deleteInline(DeleteRolePolicyRequest request) {
    if (named(request.roleName()).inline.remove(request.policyName()) == null) {
      throw noInline(request.policyName());
    }
    return DeleteRolePolicyResponse.builder().build();
  }

  /** As IAM gives documents back: URL-encoded, with %20 for a space. */
  private static String encoded(String document) {
    try {
      if (JsonParser.parseString(document).isJsonObject()) {
        return URLEncoder.encode(document, StandardCharsets.UTF_8).replace("+", "%20");
      }
    } catch (JsonParseException e) {
      throw Refusal.iam("MalformedPolicyDocument", "Syntax errors in policy.");
    }
    throw Refusal.iam("MalformedPolicyDocument", "Syntax errors in policy.");
  }

  private static RuntimeException conflict(String why) {
    return Refusal.iam("DeleteConflict", "Cannot delete entity, " + why);
  }

  private static RuntimeException noPolicy(String arn) {
    return Refusal.iam("NoSuchEntity", "Policy " + arn + " was not found.");
  }

  private static RuntimeException noInline(String name) {
    return Refusal.iam("NoSuchEntity", "The role policy with name " + name + " cannot be found.");
  }
}
