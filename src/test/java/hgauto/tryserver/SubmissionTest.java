package hgauto.tryserver;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonParser;
import java.nio.charset.Charset;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubmissionTest {
  private static final String NODE = "0123456789abcdef0123456789abcdef01234567";
  private static final String REST = "'branch': 'b', 'user': 'u', 'message': 'm'";

  private static Submission of(String message, String... flags) {
    return new Submission(new byte[] {1, 2, 3}, NODE, "default", "Ann", message, List.of(flags));
  }

  @Test
  void withoutFlagsItHasTheFieldsOfAutomationPy() {
    String json = new String(of("m").toJson(), UTF_8);
    assertThat(JsonParser.parseString(json).getAsJsonObject().keySet())
        .containsExactly("bundle", "node", "branch", "user", "message");
    assertThat(json).contains("\"bundle\":\"AQID\"");
  }

  @Test
  void whatIsWrittenIsRead() throws RejectedException {
    Submission hostile = of("<script>\n\"'\0\u202e \ud83d\ude00 $(touch x)", "-j2", "a b", "");
    Submission read = Submission.fromJson(hostile.toJson());
    assertThat(read).usingRecursiveComparison().isEqualTo(hostile);
  }

  @Test
  void aMessageOfAMegabyteIsTakenAndOneOfFiveIsNot() throws RejectedException {
    assertThat(Submission.fromJson(of("é".repeat(1 << 20)).toJson()).message()).hasSize(1 << 20);
    assertThatThrownBy(() -> Submission.fromJson(of("x".repeat(5 << 20)).toJson()))
        .isInstanceOf(RejectedException.class)
        .hasMessage("the field message is longer than 4000000 characters");
  }

  @Test
  void thereIsAMostOfFlags() {
    String[] many = Collections.nCopies(2001, "test-a.t").toArray(String[]::new);
    assertThatThrownBy(() -> Submission.fromJson(of("m", many).toJson()))
        .isInstanceOf(RejectedException.class)
        .hasMessage("there are more than 2000 test flags");
  }

  /** Single quotes stand for double ones, NODE and REST for what is right. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``|the request is empty",
        "null|the request is empty",
        "[]|the request is not a JSON object with the expected fields",
        "{|the request is not a JSON object with the expected fields",
        "{} {}|the request is not a JSON object with the expected fields",
        "{'node': ['x']}|the request is not a JSON object with the expected fields",
        "{'test_flags': 'x'}|the request is not a JSON object with the expected fields",
        "{'message': 'é'}|the request is not in UTF-8",
        "{'bundle': 'AQID', REST}|the field node is missing",
        "{'bundle': 'AQID', 'node': null, REST}|the field node is missing",
        "{'bundle': 'AQID', 'node': 'tip', REST}|the node is not 40 hexadecimal digits",
        "{'bundle': 'AQID', 'node': '--config=x', REST}|the node is not 40 hexadecimal digits",
        "{'bundle': 'AQID', NODE}|the field branch is missing",
        "{'bundle': 'AQID', NODE, 'branch': 'b'}|the field user is missing",
        "{'bundle': 'AQID', NODE, 'branch': 'b', 'user': 'u'}|the field message is missing",
        "{NODE, REST}|the field bundle is missing",
        "{'bundle': 'AQI', NODE, REST}|",
        "{'bundle': 'A*ID', NODE, REST}|the bundle is not valid base64",
        "{'bundle': '', NODE, REST, 'test_flags': [null]}|a test flag is null or holds a NUL",
        "{'bundle': '', NODE, REST, 'test_flags': ['\\u0000']}|a test flag is null or holds a NUL",
      })
  void brokenRequestsAreRejectedWithTheReason(String request, String reason)
      throws RejectedException {
    Charset charset = request.contains("é") ? ISO_8859_1 : UTF_8;
    byte[] json =
        request
            .replace("NODE", "'node': '" + NODE + "'")
            .replace("REST", REST)
            .replace('\'', '"')
            .getBytes(charset);
    if (reason == null) {
      assertThat(Submission.fromJson(json).bundle())
          .containsExactly(1, 2); // padding may be missing
    } else {
      assertThatThrownBy(() -> Submission.fromJson(json))
          .isInstanceOf(RejectedException.class)
          .hasMessage(reason);
    }
  }
}
