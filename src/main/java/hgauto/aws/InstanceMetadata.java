package hgauto.aws;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.InstanceProfileCredentialsProvider;
import software.amazon.awssdk.core.SdkSystemSetting;
import software.amazon.awssdk.core.exception.SdkClientException;

/**
 * Credentials of an EC2 instance's role. Away from EC2 nothing answers at the service's address,
 * and the SDK takes two seconds to find out; a connection attempt of a quarter second comes first.
 */
final class InstanceMetadata {
  private static final Logger log = LoggerFactory.getLogger(InstanceMetadata.class);
  private static final Duration CONNECT_WITHIN = Duration.ofMillis(250);

  private InstanceMetadata() {}

  /** The role's credentials; empty away from EC2, on an instance without a role, or if disabled. */
  static Optional<AwsCredentialsProvider> credentials() {
    if (SdkSystemSetting.AWS_EC2_METADATA_DISABLED.getBooleanValueOrThrow() || !answers()) {
      return Optional.empty();
    }
    try {
      AwsCredentialsProvider provider = InstanceProfileCredentialsProvider.create();
      provider.resolveCredentials();
      return Optional.of(provider);
    } catch (SdkClientException e) {
      log.debug("The instance metadata service gives no credentials", e);
      return Optional.empty();
    }
  }

  private static boolean answers() {
    URI service =
        URI.create(SdkSystemSetting.AWS_EC2_METADATA_SERVICE_ENDPOINT.getStringValueOrThrow());
    int port = service.getPort() == -1 ? 80 : service.getPort();
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(service.getHost(), port), (int) CONNECT_WITHIN.toMillis());
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
