package hgauto.aws;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.lambda.LambdaClient;

/**
 * An invocation that goes nowhere: with made-up credentials, answered at once in this process. It
 * loads and initialises all that a real one needs, which takes longer than the invocation itself,
 * so it is done in the background while the command line is read and {@code hg} runs.
 */
public final class Rehearsal {
  // Made before the thread starts: where two threads look for SLF4J's logger at once for the first
  // time, one gets a substitute.
  private static final Logger LOG = LoggerFactory.getLogger(Rehearsal.class);

  private Rehearsal() {}

  /** Starts it and returns at once. */
  public static void start() {
    Thread thread = new Thread(Rehearsal::invoke, "rehearsal");
    thread.setDaemon(true); // nobody waits for it
    thread.start();
  }

  private static void invoke() {
    try {
      rehearse();
    } catch (RuntimeException e) {
      LOG.debug("the real invocation will tell, in words for people", e);
    }
  }

  private static void rehearse() {
    try (LambdaClient client =
        LambdaClient.builder()
            .region(Region.US_WEST_2)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("nobody", "nothing")))
            .overrideConfiguration(o -> o.defaultProfileFile(ProfileFile.aggregator().build()))
            .httpClient(new Nowhere())
            .build()) {
      client.invoke(request -> request.functionName("f").payload(SdkBytes.fromUtf8String("{}")));
    }
  }

  private static final class Nowhere implements SdkHttpClient {
    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
      return new ExecutableHttpRequest() {
        @Override
        public HttpExecuteResponse call() {
          return HttpExecuteResponse.builder()
              .response(SdkHttpResponse.builder().statusCode(200).build())
              .responseBody(
                  AbortableInputStream.create(
                      new ByteArrayInputStream("[]".getBytes(StandardCharsets.UTF_8))))
              .build();
        }

        @Override
        public void abort() {}
      };
    }

    @Override
    public void close() {}
  }
}
