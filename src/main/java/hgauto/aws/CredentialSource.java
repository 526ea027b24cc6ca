package hgauto.aws;

import static software.amazon.awssdk.core.SdkSystemSetting.AWS_ACCESS_KEY_ID;
import static software.amazon.awssdk.core.SdkSystemSetting.AWS_CONTAINER_CREDENTIALS_FULL_URI;
import static software.amazon.awssdk.core.SdkSystemSetting.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI;
import static software.amazon.awssdk.core.SdkSystemSetting.AWS_WEB_IDENTITY_TOKEN_FILE;

import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.SystemPropertyCredentialsProvider;
import software.amazon.awssdk.auth.credentials.WebIdentityTokenFileCredentialsProvider;
import software.amazon.awssdk.profiles.Profile;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.profiles.ProfileProperty;
import software.amazon.awssdk.utils.SystemSetting;

/**
 * Where credentials are to come from, as somebody configured it. The places and their order are
 * those of the SDK's default chain, with one difference: the chain steps over a place that is set
 * up but broken and ends with "no credentials"; here the first that is set up has to work, so that
 * the person hears of an expired login.
 *
 * @param words the place, for a person
 * @param provider the SDK's way to read it
 */
record CredentialSource(String words, Supplier<AwsCredentialsProvider> provider) {
  private static final Set<String> MAKES_CREDENTIALS =
      Set.of(
          ProfileProperty.AWS_ACCESS_KEY_ID,
          ProfileProperty.ROLE_ARN,
          ProfileProperty.SSO_ACCOUNT_ID,
          ProfileProperty.SSO_ROLE_NAME,
          ProfileProperty.SSO_START_URL,
          "sso_session",
          ProfileProperty.LOGIN_SESSION,
          ProfileProperty.CREDENTIAL_PROCESS);

  /** The first place that is set up; empty where only the instance metadata service is left. */
  static Optional<CredentialSource> configured(ProfileFile file, String profile) {
    if (isSet(AWS_ACCESS_KEY_ID.property())) {
      return source("system properties", SystemPropertyCredentialsProvider::create);
    }
    if (isSet(AWS_ACCESS_KEY_ID)) {
      return source("AWS_ACCESS_KEY_ID", EnvironmentVariableCredentialsProvider::create);
    }
    if (isSet(AWS_WEB_IDENTITY_TOKEN_FILE)) {
      return source("AWS_WEB_IDENTITY_TOKEN_FILE", WebIdentityTokenFileCredentialsProvider::create);
    }
    if (file.profile(profile).filter(CredentialSource::makesCredentials).isPresent()) {
      return source(
          "profile " + profile,
          () ->
              ProfileCredentialsProvider.builder().profileFile(file).profileName(profile).build());
    }
    if (Stream.of(AWS_CONTAINER_CREDENTIALS_RELATIVE_URI, AWS_CONTAINER_CREDENTIALS_FULL_URI)
        .anyMatch(CredentialSource::isSet)) {
      return source(
          "the container's credential service",
          () -> ContainerCredentialsProvider.builder().build());
    }
    return Optional.empty();
  }

  private static boolean makesCredentials(Profile profile) {
    return profile.properties().keySet().stream().anyMatch(MAKES_CREDENTIALS::contains);
  }

  private static boolean isSet(SystemSetting setting) {
    return setting.getStringValue().filter(value -> !value.isBlank()).isPresent();
  }

  private static boolean isSet(String property) {
    return !System.getProperty(property, "").isBlank();
  }

  private static Optional<CredentialSource> source(
      String words, Supplier<AwsCredentialsProvider> provider) {
    return Optional.of(new CredentialSource(words, provider));
  }
}
