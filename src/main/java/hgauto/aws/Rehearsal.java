package hgauto.aws;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
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
  private Rehearsal() {}

  /** Starts it and returns at once. */
  public static void start() {
    // SLF4J must not find its logger for the first time in two threads at once: one of them would
    // get a substitute.
    LoggerFactory.getILoggerFactory();
    Thread thread = new Thread(Rehearsal::invoke, "rehearsal");
    thread.setDaemon(true); // nobody waits for it
    thread.start();
  }

  private static void invoke() {
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
