package hgauto.testbed.aws;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityRequest;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityResponse;

/** The Security Token Service of the fake account. Its answers have the account's time. */
final class FakeSts implements StsClient {
  private final FakeAccount account;
  private final FakeState state;
  private final String region;

  FakeSts(FakeAccount account, FakeState state, String region) {
    this.account = account;
    this.state = state;
    this.region = region;
  }

  @Override
  public GetCallerIdentityResponse getCallerIdentity(GetCallerIdentityRequest request) {
    return account.make(new Call("sts:GetCallerIdentity", region), this::identity);
  }

  private GetCallerIdentityResponse identity() {
    GetCallerIdentityResponse.Builder answer =
        GetCallerIdentityResponse.builder()
            .account(FakeState.ACCOUNT)
            .arn("arn:aws:iam::" + FakeState.ACCOUNT + ":user/ann")
            .userId("AIDA00000000000000000");
    answer.sdkHttpResponse(
        SdkHttpResponse.builder()
            .statusCode(200)
            .putHeader(
                "Date",
                DateTimeFormatter.RFC_1123_DATE_TIME.format(
                    state.clock.instant().atOffset(ZoneOffset.UTC)))
            .build());
    return answer.build();
  }

  @Override
  public String serviceName() {
    return SERVICE_NAME;
  }

  @Override
  public void close() {}
}
