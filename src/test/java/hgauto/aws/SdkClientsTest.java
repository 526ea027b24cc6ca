package hgauto.aws;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.endpoints.IamEndpointParams;
import software.amazon.awssdk.services.iam.endpoints.IamEndpointProvider;

class SdkClientsTest {
  @ParameterizedTest
  @CsvSource({
    "us-west-2, aws-global, iam.amazonaws.com",
    "eu-central-1, aws-global, iam.amazonaws.com",
    "cn-north-1, aws-cn-global, iam.cn-north-1.amazonaws.com.cn",
    "us-gov-west-1, aws-us-gov-global, iam.us-gov.amazonaws.com"
  })
  void iamIsThatOfThePartitionOfTheRegion(String region, String global, String host) {
    IamClient iam =
        new SdkClients(
                () -> region,
                AnonymousCredentialsProvider::create,
                () -> ProfileFile.aggregator().build())
            .iam();
    assertThat(iam.serviceClientConfiguration().region()).hasToString(global);
    IamEndpointParams params =
        IamEndpointParams.builder().region(iam.serviceClientConfiguration().region()).build();
    assertThat(
            IamEndpointProvider.defaultProvider()
                .resolveEndpoint(params)
                .join()
                .endpointUrl()
                .host())
        .isEqualTo(host);
  }
}
