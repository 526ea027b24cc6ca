package hgauto.testbed.aws;

import hgauto.aws.Clients;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.sts.StsClient;

/**
 * The SDK's clients of whatever answers at an address. They try six times, one right after another.
 */
final class ProxyClients implements Clients {
  private final URI endpoint;
  private final String region;
  private final SdkHttpClient http = UrlConnectionHttpClient.create();
  private final Map<String, Object> made = new ConcurrentHashMap<>();

  ProxyClients(URI endpoint, String region) {
    this.endpoint = endpoint;
    this.region = region;
  }

  @Override
  public Ec2Client ec2(String at) {
    return (Ec2Client) made.computeIfAbsent("ec2 " + at, key -> build(Ec2Client.builder(), at));
  }

  @Override
  public IamClient iam() {
    return (IamClient)
        made.computeIfAbsent("iam", key -> build(IamClient.builder(), Region.AWS_GLOBAL.id()));
  }

  @Override
  public SsmClient ssm(String at) {
    return (SsmClient) made.computeIfAbsent("ssm " + at, key -> build(SsmClient.builder(), at));
  }

  @Override
  public StsClient sts() {
    return (StsClient) made.computeIfAbsent("sts", key -> build(StsClient.builder(), region));
  }

  private <B extends AwsSyncClientBuilder<B, C> & AwsClientBuilder<B, C>, C> C build(
      B builder, String at) {
    return builder
        .endpointOverride(endpoint)
        .region(Region.of(at))
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("testing", "testing")))
        .httpClient(http)
        .overrideConfiguration(
            o ->
                o.retryStrategy(
                    AwsRetryStrategy.standardRetryStrategy().toBuilder()
                        .maxAttempts(6)
                        .backoffStrategy(BackoffStrategy.retryImmediately())
                        .throttlingBackoffStrategy(BackoffStrategy.retryImmediately())
                        .circuitBreakerEnabled(false)
                        .build()))
        .build();
  }
}
