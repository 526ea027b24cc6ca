package hgauto.aws;

import hgauto.error.EnvironmentException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.SdkSystemSetting;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.profiles.Profile;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.profiles.ProfileFileSystemSetting;
import software.amazon.awssdk.profiles.ProfileProperty;
import software.amazon.awssdk.regions.PartitionMetadata;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.utils.Lazy;

/** The SDK's own clients, each made when it is first used. All share one HTTP client. */
final class SdkClients implements Clients {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration READ_TIMEOUT = Duration.ofSeconds(30);

  /**
   * Throttling is answered by waiting: about half a second, then one, two, four. The SDK's own
   * three attempts are over before EC2 has let a crowd through.
   */
  private static final int ATTEMPTS = 6;

  private final Supplier<String> region;
  private final Supplier<AwsCredentialsProvider> credentials;
  private final Supplier<ProfileFile> profiles;
  private final Map<String, Object> made = new ConcurrentHashMap<>();
  private final Lazy<SdkHttpClient> http =
      new Lazy<>(
          () ->
              UrlConnectionHttpClient.builder()
                  .connectionTimeout(CONNECT_TIMEOUT)
                  .socketTimeout(READ_TIMEOUT)
                  .build());

  /** All three are asked for when the first client is made. */
  SdkClients(
      Supplier<String> region,
      Supplier<AwsCredentialsProvider> credentials,
      Supplier<ProfileFile> profiles) {
    this.region = region;
    this.credentials = credentials;
    this.profiles = profiles;
  }

  @Override
  public Ec2Client ec2(String at) {
    return (Ec2Client) made.computeIfAbsent("ec2 " + at, key -> build(Ec2Client.builder(), at));
  }

  @Override
  public IamClient iam() {
    return (IamClient)
        made.computeIfAbsent("iam", key -> build(IamClient.builder(), globalRegion()));
  }

  /** {@code aws-global}, or that of another partition, such as {@code aws-cn-global}. */
  private String globalRegion() {
    return PartitionMetadata.of(Region.of(region.get())).id() + "-global";
  }

  @Override
  public SsmClient ssm(String at) {
    return (SsmClient) made.computeIfAbsent("ssm " + at, key -> build(SsmClient.builder(), at));
  }

  @Override
  public StsClient sts() {
    return (StsClient) made.computeIfAbsent("sts", key -> build(StsClient.builder(), region.get()));
  }

  private <B extends AwsSyncClientBuilder<B, C> & AwsClientBuilder<B, C>, C> C build(
      B builder, String at) {
    return builder
        .region(Region.of(at))
        .credentialsProvider(credentials.get())
        .httpClient(http.getValue())
        .overrideConfiguration(
            o -> {
              o.defaultProfileFile(profiles.get());
              if (SdkSystemSetting.AWS_RETRY_MODE.getStringValue().isEmpty()
                  && SdkSystemSetting.AWS_MAX_ATTEMPTS.getStringValue().isEmpty()) {
                o.retryStrategy(retriesOfProfile());
              }
            })
        .build();
  }

  /** The SDK by itself takes no notice of a profile's {@code max_attempts}. */
  private RetryStrategy retriesOfProfile() {
    String name = ProfileFileSystemSetting.AWS_PROFILE.getStringValueOrThrow();
    Optional<Profile> profile = profiles.get().profile(name);
    Optional<String> mode = profile.flatMap(it -> it.property(ProfileProperty.RETRY_MODE));
    Optional<String> attempts = profile.flatMap(it -> it.property(ProfileProperty.MAX_ATTEMPTS));
    try {
      RetryStrategy retries =
          mode.isEmpty()
              ? AwsRetryStrategy.standardRetryStrategy().toBuilder().maxAttempts(ATTEMPTS).build()
              : AwsRetryStrategy.forRetryMode(
                  RetryMode.resolver().profileFile(profiles).profileName(name).resolve());
      return attempts.isEmpty()
          ? retries
          : retries.toBuilder().maxAttempts(Integer.parseInt(attempts.get())).build();
    } catch (IllegalStateException | IllegalArgumentException e) {
      throw new EnvironmentException(
          "cannot use retry_mode or max_attempts of AWS profile " + name,
          Objects.requireNonNullElseGet(e.getMessage(), e::toString),
          "Mend them in ~/.aws/config, or whatever AWS_CONFIG_FILE names.",
          e);
    }
  }
}
