package hgauto.testbed.aws;

import java.util.List;
import software.amazon.awssdk.services.iam.model.AddRoleToInstanceProfileRequest;
import software.amazon.awssdk.services.iam.model.AddRoleToInstanceProfileResponse;
import software.amazon.awssdk.services.iam.model.CreateInstanceProfileRequest;
import software.amazon.awssdk.services.iam.model.CreateInstanceProfileResponse;
import software.amazon.awssdk.services.iam.model.DeleteInstanceProfileRequest;
import software.amazon.awssdk.services.iam.model.DeleteInstanceProfileResponse;
import software.amazon.awssdk.services.iam.model.GetInstanceProfileRequest;
import software.amazon.awssdk.services.iam.model.GetInstanceProfileResponse;
import software.amazon.awssdk.services.iam.model.InstanceProfile;
import software.amazon.awssdk.services.iam.model.ListInstanceProfilesForRoleRequest;
import software.amazon.awssdk.services.iam.model.ListInstanceProfilesForRoleResponse;
import software.amazon.awssdk.services.iam.model.RemoveRoleFromInstanceProfileRequest;
import software.amazon.awssdk.services.iam.model.RemoveRoleFromInstanceProfileResponse;

/** The instance profiles of the account. */
final class FakeProfiles {
  private final FakeState account;
  private final FakeRoles roles;

  FakeProfiles(FakeState account, FakeRoles roles) {
    this.account = account;
    this.roles = roles;
  }

  GetInstanceProfileResponse get(GetInstanceProfileRequest request) {
    String name = request.instanceProfileName();
    if (account.looks.tooEarly("hidden " + name)) {
      throw missing(name);
    }
    return GetInstanceProfileResponse.builder().instanceProfile(withRole(named(name))).build();
  }

  CreateInstanceProfileResponse create(CreateInstanceProfileRequest request) {
    String name = request.instanceProfileName();
    if (account.profiles.containsKey(name)) {
      throw Refusal.iam("EntityAlreadyExists", "Instance Profile " + name + " already exists.");
    }
    String path = request.path() == null ? "/" : request.path();
    InstanceProfile profile =
        InstanceProfile.builder()
            .instanceProfileName(name)
            .instanceProfileId(account.newId("AIPA"))
            .path(path)
            .arn("arn:aws:iam::" + FakeState.ACCOUNT + ":instance-profile" + path + name)
            .createDate(account.clock.instant())
            .tags(request.tags())
            .build();
    account.profiles.put(name, profile);
    account.looks.set("hidden " + name, account.behaviour.profilesHidden);
    account.looks.set("refused " + name, account.behaviour.profilesRefused);
    return CreateInstanceProfileResponse.builder().instanceProfile(profile).build();
  }

  AddRoleToInstanceProfileResponse addRole(AddRoleToInstanceProfileRequest request) {
    InstanceProfile profile = named(request.instanceProfileName());
    roles.named(request.roleName());
    if (account.profileRoles.containsKey(profile.instanceProfileName())) {
      throw Refusal.iam(
          "LimitExceeded", "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1");
    }
    account.profileRoles.put(profile.instanceProfileName(), request.roleName());
    return AddRoleToInstanceProfileResponse.builder().build();
  }

  RemoveRoleFromInstanceProfileResponse removeRole(RemoveRoleFromInstanceProfileRequest request) {
    InstanceProfile profile = named(request.instanceProfileName());
    if (!account.profileRoles.remove(profile.instanceProfileName(), request.roleName())) {
      throw Refusal.iam(
          "NoSuchEntity", "The role with name " + request.roleName() + " cannot be found.");
    }
    return RemoveRoleFromInstanceProfileResponse.builder().build();
  }

  DeleteInstanceProfileResponse delete(DeleteInstanceProfileRequest request) {
    InstanceProfile profile = named(request.instanceProfileName());
    if (account.profileRoles.containsKey(profile.instanceProfileName())) {
      throw Refusal.iam(
          "DeleteConflict", "Cannot delete entity, must remove roles from instance profile first.");
    }
    account.profiles.remove(profile.instanceProfileName());
    return DeleteInstanceProfileResponse.builder().build();
  }

  ListInstanceProfilesForRoleResponse listForRole(ListInstanceProfilesForRoleRequest request) {
    roles.named(request.roleName());
    return ListInstanceProfilesForRoleResponse.builder()
        .isTruncated(false)
        .instanceProfiles(
            account.profiles.values().stream()
                .filter(
                    profile ->
                        request
                            .roleName()
                            .equals(account.profileRoles.get(profile.instanceProfileName())))
                .map(this::withRole)
                .toList())
        .build();
  }

  private InstanceProfile named(String name) {
    InstanceProfile profile = account.profiles.get(name);
    if (profile == null) {
      throw missing(name);
    }
    return profile;
  }

  private InstanceProfile withRole(InstanceProfile profile) {
    String role = account.profileRoles.get(profile.instanceProfileName());
    return role == null
        ? profile
        : profile.toBuilder().roles(List.of(account.roles.get(role).role)).build();
  }

  private static RuntimeException missing(String name) {
    return Refusal.iam("NoSuchEntity", "Instance Profile " + name + " cannot be found.");
  }
}
