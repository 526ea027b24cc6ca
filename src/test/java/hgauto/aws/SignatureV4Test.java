package hgauto.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** AWS's published test suite for Signature Version 4 ("aws-sig-v4-test-suite"). */
class SignatureV4Test {
  private static final String DATE = "20150830T123600Z";
  private static final List<String> SCOPE =
      List.of("20150830", "us-east-1", "service", "aws4_request");

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "get-vanilla|GET|/|-|5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
        "post-vanilla|POST|/|-|5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
        "get-utf8|GET|/ሴ|-|8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85",
        "get-vanilla-query-order-key-case|GET|/|Param2=value2&Param1=value1"
            + "|b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
      })
  void plain(String name, String method, String path, String query, String signature) {
    assertThat(signature(method, path, query, Map.of())).isEqualTo(signature);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "get-header-value-trim|' value1'|' \"a   b   c\"'"
            + "|acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736",
      })
  void headerValuesAreTrimmed(String name, String first, String second, String signature) {
    assertThat(
            signature(
                "GET",
                "/",
                null,
                Map.of("My-Header1", List.of(first), "My-Header2", List.of(second))))
        .isEqualTo(signature);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      "get-header-key-duplicate,c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea")
  void repeatedHeadersAreJoined(String name, String signature) {
    assertThat(
            signature(
                "GET", "/", null, Map.of("My-Header1", List.of("value2", "value2", "value1"))))
        .isEqualTo(signature);
  }

  private static String signature(
      String method, String path, String query, Map<String, List<String>> more) {
    Map<String, List<String>> headers = new TreeMap<>(more);
    headers.put("Host", List.of("example.amazonaws.com"));
    headers.put("X-Amz-Date", List.of(DATE));
    SignedRequest request = new SignedRequest(method, path, query, headers);
    return SignatureV4.of(
        request,
        List.copyOf(request.headers().keySet()),
        SignatureV4.sha256(new byte[0]),
        DATE,
        SCOPE,
        "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
  }
}
