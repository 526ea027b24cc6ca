package hgauto.linux;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SuiteReportTest {
  private static final String ONE =
      """
      <?xml version="1.0" encoding="utf-8"?>
      <testsuite errors="0" failures="2" name="run-tests" skipped="1" tests="3">
        <testcase name="test-a.t" time="0.154"/>
        <testcase name="test-b.t" time="0.210">
          <failure message="output changed" type="output-mismatch"><![CDATA[--- b
      +++ b.err
      -  <good> & ] ]>
      ]]></failure>
        </testcase>
        <testcase name="test-c.t">
          <skipped><![CDATA[missing feature: x]]></skipped>
        </testcase>
      </testsuite>
      """;

  @TempDir private Path folder;
  private ShardStream stream;

  @BeforeEach
  void beginTheStream() {
    stream = new ShardStream(folder, new ByteArrayOutputStream(), line -> {});
  }

  @Test
  void severalReportsBecomeOneAndATestThatIsInTwoCountsOnce() throws IOException {
    String other =
        "<testsuite failures='0' skipped='0' tests='2'><testcase name='test-a.t' time='9.0'/>"
            + "<testcase name='test-d.t' time='1.000'/></testsuite>";
    SuiteReport.write(
        folder,
        List.of(
            run(ONE, "testreport ={\"test-a.t\": {\"result\": \"success\", \"time\": \"0.154\"}}"),
            run(
                other,
                "{\"test-a.t\": {\"result\": \"failure\"}, \"test-d.t\": {\"result\":"
                    + " \"success\"}}")));
    assertThat(folder.resolve("report.xml"))
        .hasContent(
            """
            <?xml version="1.0" encoding="utf-8"?>
            <testsuite errors="0" failures="2" name="run-tests" skipped="1" tests="5">
              <testcase name="test-a.t" time="0.154"></testcase>
              <testcase name="test-b.t" time="0.210"><failure message="output changed" type="output-mismatch">--- b
            +++ b.err
            -  &lt;good&gt; &amp; ] ]&gt;</failure></testcase>
              <testcase name="test-c.t"><skipped>missing feature: x</skipped></testcase>
              <testcase name="test-d.t" time="1.000"></testcase>
            </testsuite>
            """);
    JsonObject json = json();
    assertThat(json.keySet()).containsExactly("test-a.t", "test-d.t");
    assertThat(json.getAsJsonObject("test-a.t").get("time").getAsString()).isEqualTo("0.154");
  }

  @Test
  void whatALostMachineHasRunIsMadeUpFromWhatIsKnown() throws IOException {
    ShardRun lost =
        new ShardRun(
            List.of("test-a.t", "test-e.t", "test-f.t", "test-g.t", "test-h.t"),
            stream.open(2, "lost", Set.of()),
            Optional.empty(),
            true,
            List.of(
                new TestEnd("test-e.t", "ok", 1.5),
                new TestEnd("test-f.t", "failed", 2),
                new TestEnd("test-g.t", "skipped", 0)));
    SuiteReport.write(folder, List.of(run(ONE, "{}"), lost));
    assertThat(Files.readString(folder.resolve("report.xml")))
        .contains("failures=\"3\" name=\"run-tests\" skipped=\"2\" tests=\"5\"")
        .contains("<testcase name=\"test-e.t\" time=\"1.500\"></testcase>")
        .contains("<failure>its machine was lost later</failure>")
        .contains("<testcase name=\"test-g.t\"><skipped>");
    assertThat(json().toString())
        .isEqualTo(
            "{\"test-e.t\":{\"result\":\"success\",\"time\":\"1.500\"},"
                + "\"test-f.t\":{\"result\":\"failure\",\"time\":\"2.000\"},"
                + "\"test-g.t\":{\"result\":\"skip\"}}");
  }

  /** Submitted code can write anything there. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense",
        "<testsuite><testcase name='test-x.t'/>",
        "<!DOCTYPE testsuite [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"
            + "<testsuite><testcase name='test-x.t'>&x;</testcase></testsuite>"
      })
  void aReportThatIsNoneIsLeftOutAndTheOthersAreKept(String xunit) throws IOException {
    ShardRun broken =
        new ShardRun(
            List.of("test-e.t"),
            stream.open(2, "broken", Set.of()),
            Optional.of(new TestRun(0, xunit, "[1", TestTimes.NONE)),
            false,
            List.of(new TestEnd("test-e.t", "ok", 1)));
    SuiteReport.write(folder, List.of(broken, run(ONE, "{\"test-a.t\": {}}")));
    assertThat(Files.readString(folder.resolve("report.xml")))
        .contains("\"test-a.t\"")
        .contains("\"test-e.t\"")
        .doesNotContain("root:");
    assertThat(json().keySet()).containsExactly("test-a.t", "test-e.t");
  }

  @Test
  void charactersThatXmlDoesNotAllowAreReplaced() throws IOException {
    String xunit =
        "<testsuite><testcase name='test-x.t'><failure>a\u0001b\uffffc</failure></testcase>"
            + "</testsuite>";
    SuiteReport.write(folder, List.of(run(xunit, "")));
    assertThat(Files.readString(folder.resolve("report.xml"))).contains("a\ufffdb\ufffdc");
  }

  @Test
  void aJsonReportThatNestsDeeplyIsLeftOut() throws IOException {
    SuiteReport.write(folder, List.of(run("", "{\"a\":".repeat(100_000))));
    assertThat(json().keySet()).isEmpty();
  }

  @Test
  void theReportsOfOneMachineAreKeptAndTheOneIsJson() {
    SuiteReport.write(
        folder, new TestRun(1, ONE, "testreport ={\"test-a.t\": {}}", TestTimes.NONE));
    assertThat(folder.resolve("report.xml")).hasContent(ONE);
    assertThat(folder.resolve("report.json")).hasContent("{\"test-a.t\": {}}");
  }

  @Test
  void whatIsNotThereIsNotKept() {
    SuiteReport.write(folder, new TestRun(2, "", "", TestTimes.NONE));
    assertThat(folder).isEmptyDirectory();
  }

  private ShardRun run(String xunit, String report) throws IOException {
    ShardOutput output = stream.open(1, "builder", Set.of());
    output.close();
    return new ShardRun(
        List.of(),
        output,
        Optional.of(new TestRun(0, xunit, report, TestTimes.NONE)),
        false,
        List.of());
  }

  private JsonObject json() throws IOException {
    return JsonParser.parseString(Files.readString(folder.resolve("report.json")))
        .getAsJsonObject();
  }
}
