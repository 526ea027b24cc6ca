package hgauto.tryserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import hgauto.tryserver.TestResult.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RunJsonTest {
  private static final List<TestResult> TESTS =
      List.of(
          new TestResult("test-a.t", Outcome.FAILED, 1.5, "-x\n+y"),
          new TestResult("test-b.t", Outcome.SKIPPED, 0, "missing feature: Windows"),
          new TestResult("test-c.t", Outcome.PASSED, 0.25, ""));

  @ParameterizedTest
  @EnumSource
  void aRunComesBackAsItWas(RunStatus status) throws IOException {
    Run run = Runs.of(3, status);
    assertThat(RunJson.read(RunJson.write(run))).isEqualTo(run);
    assertThat(RunJson.read(RunJson.write(run, TESTS))).isEqualTo(run);
    assertThat(RunJson.readTests(RunJson.write(run, TESTS))).isEqualTo(TESTS);
    assertThat(RunJson.readTests(RunJson.write(run))).isEmpty();
  }

  @Test
  void writesTimesInUtcAndWordsInLowerCase() {
    JsonObject json =
        JsonParser.parseString(RunJson.write(Runs.of(3, RunStatus.FAILED), TESTS))
            .getAsJsonObject();
    assertThat(json.get("submitted").getAsString()).isEqualTo("2026-11-24T12:00:00Z");
    assertThat(json.get("status").getAsString()).isEqualTo("failed");
    assertThat(json.get("counts").toString())
        .isEqualTo("{\"passed\":120,\"failed\":3,\"skipped\":4}");
    assertThat(json.get("tests").getAsJsonArray().get(1).toString())
        .isEqualTo(
            "{\"name\":\"test-b.t\",\"outcome\":\"skipped\",\"seconds\":0.0,"
                + "\"output\":\"missing feature: Windows\"}");
    assertThat(json.has("reason")).isFalse();
  }

  @Test
  void severalRunsAreAnArray() {
    String json =
        RunJson.write(List.of(Runs.of(2, RunStatus.QUEUED), Runs.of(1, RunStatus.PASSED)));
    assertThat(JsonParser.parseString(json).getAsJsonArray())
        .extracting(run -> run.getAsJsonObject().get("id").getAsInt())
        .containsExactly(2, 1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "</script><script>alert(1)</script>",
        "\"quotes\" and 'more' \\ $(touch x) `y`",
        "lines\nand\r\nreturns\u2028\u2029",
        "\u001b[31mred\0\u0007",
        "evil\u202etxt.exe",
      })
  void hostileTextComesBackAsItWasAndCannotLeaveItsString(String text) throws IOException {
    Run run = Runs.saying(text);
    String json = RunJson.write(run);
    assertThat(RunJson.read(json)).isEqualTo(run);
    assertThat(json).doesNotContain("<", ">", "\u001b", "\0", "\u2028");
    assertThat(json.lines()).hasSize(21);
  }

  @Test
  void halvesOfCharactersBecomeQuestionMarksOnDisk() throws IOException {
    byte[] disk = RunJson.write(Runs.saying("a\ud83db")).getBytes(StandardCharsets.UTF_8);
    assertThat(RunJson.read(new String(disk, StandardCharsets.UTF_8)).message()).isEqualTo("a?b");
  }

  @Test
  void passesOverFieldsThatItDoesNotKnow() throws IOException {
    Run run = Runs.of(3, RunStatus.PASSED);
    String json = RunJson.write(run).replaceFirst("\\{", "{\"colour\": {\"a\": [1]},");
    assertThat(RunJson.read(json)).isEqualTo(run);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"id", "node", "branch", "user", "message", "testFlags", "submitted", "status"})
  void namesTheFieldThatIsMissing(String field) {
    JsonObject json =
        JsonParser.parseString(RunJson.write(Runs.of(3, RunStatus.PASSED))).getAsJsonObject();
    json.remove(field);
    assertThatIOException()
        .isThrownBy(() -> RunJson.read(json.toString()))
        .withMessageContaining("\"" + field + "\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | empty",
        "null | empty",
        "[] | cannot be read",
        "{\"id\": | cannot be read",
        "{\"id\": \"x\"} | cannot be read",
        "{\"submitted\": \"yesterday\"} | no time in UTC at $.submitted",
        "{\"status\": \"PASSED\"} | no such word at $.status",
        "{\"id\": 1, \"node\": \"../../etc\"} | \"node\"",
      })
  void saysWhatIsWrongWithARecord(String json, String why) {
    assertThatIOException().isThrownBy(() -> RunJson.read(json)).withMessageContaining(why);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"tests\": 3}",
        "{\"tests\": [null]}",
        "{\"tests\": [{\"name\": \"t\", \"output\": \"\"}]}",
        "{\"tests\": [{\"name\": \"t\", \"outcome\": \"odd\", \"output\": \"\"}]}"
      })
  void saysThatTheTestsAreWrong(String json) {
    assertThatIOException()
        .isThrownBy(() -> RunJson.readTests(json))
        .withMessageContaining("record");
  }
}
