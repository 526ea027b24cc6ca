package hgauto.aws;

import hgauto.error.EnvironmentException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.profiles.Profile;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.profiles.ProfileProperty;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityResponse;
import software.amazon.awssdk.utils.Lazy;

/**
 * The AWS account that a run works in: its region, and the credentials of whoever runs it. Nothing
 * is read before it is asked for, and then only once. Safe for use by several threads.
 *
 * <p>{@code AWS_REGION}, {@code AWS_DEFAULT_REGION} and {@code AWS_PROFILE} come from the given
 * environment; everything else that AWS's tools know of is read by the SDK, from the process's own.
 */
public final class Account {
  private static final Duration CLOCK_DIFFERENCE = Duration.ofSeconds(5);

  private static final String WITHOUT =
      "\"hgauto try --server embedded\" tests on this machine, without any.";

  private static final RegionChoice DEFAULT_REGION = new RegionChoice("us-west-2", "the default");

  private final Map<String, String> environment;
  private final Lazy<ProfileFile> profiles;
  private final Lazy<RegionChoice> region;
  private final Lazy<Optional<AwsCredentialsProvider>> credentials;
  private final Clients clients;
  private final Lazy<Caller> caller = new Lazy<>(this::askWho);

  /**
   * @param chosenRegion by an option, or null
   * @param environment the process's environment variables
   */
  public Account(RegionChoice chosenRegion, Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
    this.profiles = new Lazy<>(this::readProfiles);
    this.region = new Lazy<>(() -> chosenRegion != null ? chosenRegion : regionFromSurroundings());
    this.credentials = new Lazy<>(this::findCredentials);
    this.clients = new SdkClients(() -> region().region(), this::credentials, this::profiles);
  }

  /**
   * An account that is reached through these clients, whatever they are.
   *
   * @param clients stay the caller's
   */
  public Account(RegionChoice region, Clients clients) {
    this.environment = Map.of();
    this.profiles = new Lazy<>(this::readProfiles);
    this.region = new Lazy<>(() -> region);
    this.credentials = new Lazy<>(Optional::empty);
    this.clients = clients;
  }

  private Account(AccessKey key) {
    this.environment = Map.of();
    this.profiles = new Lazy<>(this::readProfiles);
    this.region = new Lazy<>(() -> DEFAULT_REGION);
    this.credentials =
        new Lazy<>(
            () ->
                Optional.of(
                    StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(key.id(), key.secret()))));
    this.clients = new SdkClients(() -> region().region(), this::credentials, this::profiles);
  }

  /**
   * An account for a self-hosted server: just these credentials, whatever the person has set up for
   * AWS, and the default region, which such a server does not look at.
   */
  public static Account withCredentials(AccessKey key) {
    return new Account(key);
  }

  /**
   * The region, from the option, the environment, the profile, or by default.
   *
   * @throws EnvironmentException if AWS's configuration files cannot be read
   */
  public RegionChoice region() {
    return region.getValue();
  }

  /**
   * Whether credentials are set up, in any way that the SDK knows. Takes a quarter second at most
   * where none are; a profile may need the network to tell.
   *
   * @throws EnvironmentException if they are set up but cannot be had: a profile that does not
   *     exist, a login that has expired
   */
  public boolean hasCredentials() {
    return credentials.getValue().isPresent();
  }

  /**
   * The credentials to sign with, renewed when they expire.
   *
   * @throws EnvironmentException if there are none, or they cannot be had
   */
  AwsCredentialsProvider credentials() {
    return credentials
        .getValue()
        .orElseThrow(
            () ->
                new EnvironmentException(
                    "there are no AWS credentials",
                    "profile "
                        + profile()
                        + " has none, and neither have the environment and the"
                        + " machine",
                    "Run \"aws configure\", or name a profile with AWS_PROFILE. " + WITHOUT));
  }

  /** The clients of AWS's services. */
  public Clients clients() {
    return clients;
  }

  /**
   * Who the credentials belong to. Asked of AWS once.
   *
   * @throws EnvironmentException if there are no credentials, or AWS does not take them
   */
  public Caller caller() {
    return caller.getValue();
  }

  /**
   * AWS's configuration files.
   *
   * @throws EnvironmentException if they cannot be read
   */
  ProfileFile profiles() {
    return profiles.getValue();
  }

  private Caller askWho() {
    GetCallerIdentityResponse who =
        AwsCall.make(
            "sts:GetCallerIdentity",
            "ask AWS in " + region().region() + " whose the credentials are",
            () -> clients.sts().getCallerIdentity());
    Clock own = Clock.systemUTC();
    Duration ahead =
        who.sdkHttpResponse()
            .firstMatchingHeader("Date")
            .map(date -> Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date)))
            .map(aws -> Duration.between(own.instant(), aws))
            .orElse(Duration.ZERO);
    // The header has whole seconds, and the answer took a while: less than this is no difference.
    Clock clock = ahead.abs().compareTo(CLOCK_DIFFERENCE) < 0 ? own : Clock.offset(own, ahead);
    return new Caller(who.account(), who.arn(), clock);
  }

  private RegionChoice regionFromSurroundings() {
    return variable("AWS_REGION")
        .map(value -> new RegionChoice(value, "from AWS_REGION"))
        .or(
            () ->
                variable("AWS_DEFAULT_REGION")
                    .map(value -> new RegionChoice(value, "from AWS_DEFAULT_REGION")))
        .or(
            () ->
                profiles()
                    .profile(profile())
                    .flatMap(found -> found.property(ProfileProperty.REGION))
                    .map(value -> new RegionChoice(value, "from profile " + profile())))
        .orElse(DEFAULT_REGION);
  }

  private Optional<AwsCredentialsProvider> findCredentials() {
    Optional<CredentialSource> source = CredentialSource.configured(profiles(), profile());
    if (source.isPresent()) {
      return Optional.of(tried(source.get()));
    }
    if (variable("AWS_PROFILE").isPresent() && profiles().profile(profile()).isEmpty()) {
      throw new EnvironmentException(
          "there is no AWS profile " + profile() + ", which AWS_PROFILE names",
          "the profiles are: " + names(profiles().profiles()),
          "Set AWS_PROFILE to one of them, or make it with \"aws configure --profile "
              + profile()
              + "\".");
    }
    return InstanceMetadata.credentials();
  }

  /**
   * The SDK's providers fail with exceptions of every kind: a missing token file, a bad profile.
   */
  private AwsCredentialsProvider tried(CredentialSource source) {
    try {
      AwsCredentialsProvider provider = source.provider().get();
      provider.resolveCredentials();
      return provider;
    } catch (RuntimeException e) {
      throw new EnvironmentException(
          "cannot get AWS credentials from " + source.words(),
          Objects.requireNonNullElseGet(e.getMessage(), e::toString),
          "Log in again (\"aws sso login\", \"aws login\"), mend it (\"aws configure\"), or name another"
              + " profile with AWS_PROFILE. "
              + WITHOUT,
          e);
    }
  }

  private ProfileFile readProfiles() {
    try {
      return ProfileFile.defaultProfileFile();
    } catch (RuntimeException e) {
      throw new EnvironmentException(
          "cannot read AWS's configuration files",
          Objects.requireNonNullElseGet(e.getMessage(), e::toString),
          "Mend ~/.aws/config and ~/.aws/credentials, or whatever AWS_CONFIG_FILE and"
              + " AWS_SHARED_CREDENTIALS_FILE name.",
          e);
    }
  }

  private String profile() {
    return variable("AWS_PROFILE").orElse("default");
  }

  private Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
  }

  private static String names(Map<String, Profile> profiles) {
    return profiles.isEmpty() ? "none" : String.join(", ", profiles.keySet());
  }
}
