package hgauto.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import hgauto.error.EnvironmentException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.utils.internal.SystemSettingUtilsTestBackdoor;

class AccountTest {
  @RegisterExtension private final SystemProperties properties = new SystemProperties();
  @TempDir private Path folder;

  private void config(String text) throws IOException {
    properties.set("aws.configFile", Files.writeString(folder.resolve("config"), text));
  }

  private static Account account(Map<String, String> environment) {
    return new Account(null, environment);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "option, one, two, hg, option (from --aws-region)",
        "-, one, two, hg, one (from AWS_REGION)",
        "-, ' ', two, hg, two (from AWS_DEFAULT_REGION)",
        "-, '', '', hg, eu-hg-1 (from profile hg)",
        "-, '', '', '', eu-default-1 (from profile default)",
        "-, '', '', bare, us-west-2 (the default)",
        "-, '', '', missing, us-west-2 (the default)"
      })
  void regionIsTheFirstThatIsGiven(
      String option, String region, String defaultRegion, String profile, String choice)
      throws IOException {
    config(
        """
        [default]
        region = eu-default-1
        [profile hg]
        region = eu-hg-1
        [profile bare]
        """);
    Map<String, String> environment =
        Map.of("AWS_REGION", region, "AWS_DEFAULT_REGION", defaultRegion, "AWS_PROFILE", profile);
    assertThat(
            new Account(
                    option == null ? null : new RegionChoice(option, "from --aws-region"),
                    environment)
                .region())
        .hasToString(choice);
  }

  @Test
  void regionWithoutAnyConfigurationIsTheDefault() {
    assertThat(account(Map.of()).region()).hasToString("us-west-2 (the default)");
  }

  @Test
  void keysInAProfileAreCredentials() throws IOException {
    config("[profile hg]\naws_access_key_id = a\naws_secret_access_key = b\n");
    assertThat(account(Map.of("AWS_PROFILE", "hg")).hasCredentials()).isTrue();
    assertThat(account(Map.of()).hasCredentials()).isFalse();
  }

  @Test
  void profileThatOnlyNamesARegionHasNoCredentials() throws IOException {
    config("[default]\nregion = eu-central-1\n");
    assertThat(account(Map.of()).hasCredentials()).isFalse();
  }

  @Test
  void keysInTheEnvironmentComeBeforeTheProfile() throws IOException {
    config("[default]\naws_access_key_id = a\naws_secret_access_key = b\n");
    properties.set("aws.accessKeyId", "c");
    properties.set("aws.secretAccessKey", "d");
    assertThat(account(Map.of()).credentials().resolveCredentials().accessKeyId()).isEqualTo("c");
  }

  @Test
  void credentialsAreReadOnce() throws IOException {
    config("[default]\naws_access_key_id = a\naws_secret_access_key = b\n");
    Account account = account(Map.of());
    assertThat(account.hasCredentials()).isTrue();
    config("[default]\n");
    assertThat(account.credentials().resolveCredentials().accessKeyId()).isEqualTo("a");
  }

  @Test
  void profileThatDoesNotExistIsAnErrorThatNamesThoseThatDo() throws IOException {
    config("[profile hg]\nregion = eu-central-1\n");
    EnvironmentException failure =
        catchThrowableOfType(
            EnvironmentException.class, account(Map.of("AWS_PROFILE", "gh"))::hasCredentials);
    assertThat(failure.what()).contains("gh");
    assertThat(failure.why()).endsWith("hg");
    assertThat(failure.next()).contains("AWS_PROFILE");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "role_arn = arn:aws:iam::123456789012:role/r\nsource_profile = missing",
        "sso_session = missing\nsso_account_id = 123456789012\nsso_role_name = r",
        "sso_start_url = https://login.example/start\nsso_region = eu-central-1"
            + "\nsso_account_id = 123456789012\nsso_role_name = r",
        "login_session = arn:aws:iam::123456789012:user/u",
        "credential_process = /no/such/program",
        "aws_access_key_id = a",
      })
  void brokenProfileIsAnErrorAndNotTheLackOfCredentials(String properties) throws IOException {
    config("[profile hg]\nregion = eu-central-1\n" + properties + "\n");
    Account account = account(Map.of("AWS_PROFILE", "hg"));
    EnvironmentException failure =
        catchThrowableOfType(EnvironmentException.class, account::hasCredentials);
    assertThat(failure.what()).isEqualTo("cannot get AWS credentials from profile hg");
    assertThat(failure.why()).isNotEmpty();
    assertThat(failure.next()).contains("aws sso login", "--server embedded");
    assertThat(failure).hasCauseInstanceOf(RuntimeException.class);
  }

  /** Where "aws configure sso" keeps its tokens, by the SHA-1 of the session's name. */
  @Test
  void expiredSsoLoginIsAnError() throws IOException {
    config(
        """
        [profile hg]
        sso_session = dev
        sso_account_id = 123456789012
        sso_role_name = r
        region = eu-central-1
        [sso-session dev]
        sso_region = eu-central-1
        sso_start_url = https://login.example/start
        """);
    Path cache = Files.createDirectories(folder.resolve(".aws/sso/cache"));
    Files.writeString(
        cache.resolve("34c6fceca75e456f25e7e99531e2425c6c1de443.json"),
        """
        {"accessToken": "t", "expiresAt": "2020-01-01T00:00:00Z", "region": "eu-central-1",
         "startUrl": "https://login.example/start"}
        """);
    SystemSettingUtilsTestBackdoor.addEnvironmentVariableOverride("HOME", folder.toString());
    properties.set("user.home", folder);
    try {
      assertThatExceptionOfType(EnvironmentException.class)
          .isThrownBy(account(Map.of("AWS_PROFILE", "hg"))::hasCredentials)
          .satisfies(e -> assertThat(e.why()).containsIgnoringCase("expired"));
    } finally {
      SystemSettingUtilsTestBackdoor.clearEnvironmentVariableOverrides();
    }
  }

  @Test
  void profileThatAssumesARoleAsksForIt() throws IOException {
    config(
        """
        [profile hg]
        role_arn = arn:aws:iam::123456789012:role/r
        source_profile = base
        region = eu-central-1
        [profile base]
        aws_access_key_id = a
        aws_secret_access_key = b
        """);
    String answer =
        """
        <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>
        <Credentials><AccessKeyId>role</AccessKeyId><SecretAccessKey>s</SecretAccessKey>
        <SessionToken>t</SessionToken><Expiration>%s</Expiration></Credentials>
        </AssumeRoleResult></AssumeRoleResponse>
        """
            .formatted(Instant.now().plus(Duration.ofHours(1)));
    try (LambdaStub sts = LambdaStub.answering(200, Map.of("Content-Type", "text/xml"), answer)) {
      properties.set("aws.endpointUrl", sts.uri());
      assertThat(
              account(Map.of("AWS_PROFILE", "hg")).credentials().resolveCredentials().accessKeyId())
          .isEqualTo("role");
    }
    try (LambdaStub sts = LambdaStub.refusing(403, "AccessDenied")) {
      properties.set("aws.endpointUrl", sts.uri());
      assertThatExceptionOfType(EnvironmentException.class)
          .isThrownBy(account(Map.of("AWS_PROFILE", "hg"))::hasCredentials)
          .satisfies(e -> assertThat(e.why()).contains("403"));
    }
  }

  @ParameterizedTest
  @CsvSource({"max_attempts = 1, 1", "retry_mode = standard, 3", "region = eu-hg-1, 6"})
  void profileSaysHowOftenACallIsMade(String line, int attempts) throws IOException {
    config("[profile hg]\naws_access_key_id = a\naws_secret_access_key = b\n" + line + "\n");
    properties.set("aws.profile", "hg");
    try (LambdaStub sts = LambdaStub.refusing(500, "InternalFailure")) {
      properties.set("aws.endpointUrl", sts.uri());
      assertThatExceptionOfType(EnvironmentException.class)
          .isThrownBy(account(Map.of("AWS_PROFILE", "hg"))::caller);
      assertThat(sts.received()).hasSize(attempts);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"max_attempts = many", "max_attempts = 0", "retry_mode = patient"})
  void retriesThatMakeNoSenseAreAnError(String line) throws IOException {
    config("[profile hg]\naws_access_key_id = a\naws_secret_access_key = b\n" + line + "\n");
    properties.set("aws.profile", "hg");
    assertThatExceptionOfType(EnvironmentException.class)
        .isThrownBy(account(Map.of("AWS_PROFILE", "hg"))::caller)
        .satisfies(e -> assertThat(e.what()).contains("max_attempts of AWS profile hg"));
  }

  @Test
  void halfSetEnvironmentIsAnError() {
    properties.set("aws.accessKeyId", "c");
    assertThatExceptionOfType(EnvironmentException.class)
        .isThrownBy(account(Map.of())::hasCredentials)
        .withMessageContaining("system properties");
  }

  @Test
  void brokenConfigurationIsAnError() throws IOException {
    config("junk\n");
    assertThatExceptionOfType(EnvironmentException.class)
        .isThrownBy(account(Map.of())::hasCredentials)
        .satisfies(e -> assertThat(e.next()).contains("~/.aws/config"));
  }

  @Test
  void accountWithItsOwnCredentialsLooksAtNoProfile() {
    properties.set("aws.profile", "missing");
    Account account = Account.withCredentials(new AccessKey("a", "b"));
    assertThat(account.credentials().resolveCredentials().accessKeyId()).isEqualTo("a");
    assertThat(account.region().region()).isEqualTo("us-west-2");
  }

  @Test
  void roleOfAnEc2InstanceGivesCredentials() {
    String role =
        """
        {"Code": "Success", "AccessKeyId": "role", "SecretAccessKey": "s", "Token": "t",
         "Expiration": "%s"}
        """
            .formatted(Instant.now().plus(Duration.ofHours(6)));
    try (LambdaStub service =
        new LambdaStub(
            (exchange, request) ->
                LambdaStub.send(
                    exchange,
                    200,
                    Map.of("x-aws-ec2-metadata-token-ttl-seconds", "60"),
                    request.request().path().endsWith("/r") ? role : "r"))) {
      metadataServiceAt(service.uri().getPort());
      assertThat(account(Map.of()).credentials().resolveCredentials().accessKeyId())
          .isEqualTo("role");
    }
  }

  @Test
  void ec2InstanceWithoutARoleHasNoCredentials() {
    try (LambdaStub service = LambdaStub.answering(404, Map.of(), "")) {
      metadataServiceAt(service.uri().getPort());
      assertThat(account(Map.of()).hasCredentials()).isFalse();
    }
  }

  /** Away from EC2 packets to the service's address may just vanish; so they do at a full queue. */
  @Test
  void whereNothingAnswersThatIsFoundOutSoon() throws IOException {
    List<Socket> filling = new ArrayList<>();
    try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      for (int i = 0; i < 3; i++) {
        Socket socket = new Socket();
        filling.add(socket);
        try {
          socket.connect(new InetSocketAddress(full.getInetAddress(), full.getLocalPort()), 100);
        } catch (IOException e) {
          break;
        }
      }
      metadataServiceAt(1); // nobody is there, which is known at once
      assertThat(account(Map.of()).hasCredentials()).as("with all classes loaded").isFalse();
      metadataServiceAt(full.getLocalPort());
      long began = System.nanoTime();
      assertThat(account(Map.of()).hasCredentials()).isFalse();
      assertThat(Duration.ofNanos(System.nanoTime() - began))
          .as("the SDK alone takes two seconds")
          .isLessThan(Duration.ofMillis(1500));
    } finally {
      for (Socket socket : filling) {
        socket.close();
      }
    }
  }

  private void metadataServiceAt(int port) {
    properties.set("aws.disableEc2Metadata", false);
    properties.set("aws.ec2MetadataServiceEndpoint", "http://127.0.0.1:" + port);
  }
}
