package hgauto.aws;

import hgauto.error.EnvironmentException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.LambdaClientBuilder;
import software.amazon.awssdk.services.lambda.model.InvocationType;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.utils.Lazy;

/**
 * A Lambda function that answers with a list of messages: the one that takes submissions, on AWS or
 * on a self-hosted Try Server, which speaks the same protocol. An invocation is sent once, whatever
 * happens to it: a submission must not be made twice.
 */
public final class LambdaFunction {
  /** As long as a function may run at all. */
  private static final Duration READ_TIMEOUT = Duration.ofMinutes(15);

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  /** Lambda's limit for the payload of a synchronous invocation, in bytes. */
  private static final int PAYLOAD_LIMIT = 6_291_456;

  private final Account account;
  private final String name;
  private final URI server;
  private final Duration readTimeout;
  private final Lazy<LambdaClient> client = new Lazy<>(this::makeClient);

  /**
   * For one invocation.
   *
   * @param account whose region and credentials to use; asked when {@link #invoke} is called
   * @param name the function's name, {@code name:alias} or ARN
   * @param server the root of a self-hosted Try Server, http or https, or null for AWS (where
   *     {@code AWS_ENDPOINT_URL}, {@code AWS_ENDPOINT_URL_LAMBDA} and the profile's {@code
   *     endpoint_url} hold)
   */
  public LambdaFunction(Account account, String name, URI server) {
    this(account, name, server, READ_TIMEOUT);
  }

  LambdaFunction(Account account, String name, URI server, Duration readTimeout) {
    this.account = account;
    this.name = name;
    this.server = server;
    this.readTimeout = readTimeout;
  }

  /**
   * Reads the credentials and loads what is needed for an invocation, which takes a while: best in
   * another thread, while something else goes on.
   *
   * @throws EnvironmentException if there are no credentials, or the configuration is wrong
   */
  public void prepare() {
    client.getValue();
  }

  /**
   * Invokes the function and waits for its answer, up to 15 minutes.
   *
   * @param payload a JSON document
   * @throws EnvironmentException whatever goes wrong; it says whether the invocation may have
   *     arrived all the same
   */
  public Answer invoke(byte[] payload) {
    InvocationFailure failure = failure("in " + account.region().region());
    long began = System.nanoTime();
    try (LambdaClient lambda = client.getValue()) {
      Optional<URI> endpoint = lambda.serviceClientConfiguration().endpointOverride();
      if (endpoint.isPresent()) {
        failure = failure("at " + endpoint.get());
      } else if (payload.length > PAYLOAD_LIMIT) {
        throw failure.tooLarge(payload.length, PAYLOAD_LIMIT);
      }
      InvokeResponse response =
          lambda.invoke(
              request ->
                  request
                      .functionName(name)
                      .invocationType(InvocationType.REQUEST_RESPONSE)
                      .payload(SdkBytes.fromByteArrayUnsafe(payload)));
      if (response.functionError() != null) {
        throw failure.inFunction(response);
      }
      return Answer.of(response, server, failure);
    } catch (SdkException e) {
      boolean waitedForAnswer = System.nanoTime() - began >= readTimeout.toNanos();
      throw failure.of(e, waitedForAnswer);
    }
  }

  private InvocationFailure failure(String where) {
    return new InvocationFailure(name, where, server != null);
  }

  private LambdaClient makeClient() {
    if (server != null && !account.hasCredentials()) {
      throw failure("at " + server).noCredentials();
    }
    String region = account.region().region();
    AwsCredentialsProvider credentials = account.credentials();
    LambdaClientBuilder builder =
        LambdaClient.builder()
            .credentialsProvider(credentials)
            .httpClient(httpClient())
            .overrideConfiguration(
                o ->
                    o.retryStrategy(AwsRetryStrategy.doNotRetry())
                        .defaultProfileFile(account.profiles()));
    try {
      return builder.region(Region.of(region)).endpointOverride(server).build();
    } catch (RuntimeException e) {
      // The SDK has exceptions of all kinds for a region or an address that cannot be right.
      throw failure("in " + region).misconfigured(e);
    }
  }

  private SdkHttpClient httpClient() {
    if (server != null && "http".equals(server.getScheme()) && isLoopback(server.getHost())) {
      return UrlConnectionHttpClient.create(this::connectOnThisMachine);
    }
    return UrlConnectionHttpClient.builder()
        .connectionTimeout(CONNECT_TIMEOUT)
        .socketTimeout(readTimeout)
        .build();
  }

  /**
   * A proxy has nothing to do with a server on this machine, and would not reach it. Neither has
   * TLS, for which the SDK would prepare all the same, and take a tenth of a second.
   */
  private HttpURLConnection connectOnThisMachine(URI address) {
    try {
      HttpURLConnection connection =
          (HttpURLConnection) address.toURL().openConnection(Proxy.NO_PROXY);
      connection.setConnectTimeout((int) CONNECT_TIMEOUT.toMillis());
      connection.setReadTimeout((int) readTimeout.toMillis());
      return connection;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
