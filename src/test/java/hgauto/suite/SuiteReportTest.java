package hgauto.suite;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
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

  @Test
  void severalReportsBecomeOneAndATestThatIsInTwoCountsOnce() throws IOException {
    String other =
        "<testsuite failures='0' skipped='0' tests='2'><testcase name='test-a.t' time='9.0'/>"
            + "<testcase name='test-d.t' time='1.000'/></testsuite>";
    merge(
        run(ONE, "testreport ={\"test-a.t\": {\"result\": \"success\", \"time\": \"0.154\"}}"),
        run(
            other,
            "{\"test-a.t\": {\"result\": \"failure\"}, \"test-d.t\": {\"result\":"
                + " \"success\"}}"));
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
    Findings lost =
        new Findings(
            Optional.empty(),
            List.of(
                new TestEnd("test-e.t", "ok", 1.5),
                new TestEnd("test-f.t", "failed", 2),
                new TestEnd("test-g.t", "skipped", 0)));
    merge(run(ONE, "{}"), lost);
    assertThat(Files.readString(folder.resolve("report.xml")))
        .contains("failures=\"3\" name=\"run-tests\" skipped=\"2\" tests=\"5\"")
        .contains("<testcase name=\"test-e.t\" time=\"1.500\"></testcase>")
        .contains("<failure>its machine's report is missing</failure>")
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
    Findings broken =
        new Findings(
            Optional.of(new TestRun(0, xunit, "[1", TestTimes.NONE)),
            List.of(new TestEnd("test-e.t", "ok", 1)));
    merge(broken, run(ONE, "{\"test-a.t\": {}}"));
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
    merge(run(xunit, ""));
    assertThat(Files.readString(folder.resolve("report.xml"))).contains("a\ufffdb\ufffdc");
  }

  @Test
  void aJsonReportThatNestsDeeplyIsLeftOut() throws IOException {
    merge(run("", "{\"a\":".repeat(100_000)));
    assertThat(json().keySet()).isEmpty();
  }

  @Test
  void theReportsOfOneMachineAreKeptAndTheOneIsJson() {
    SuiteReport.write(
        folder,
        SuiteOutcome.ofOne(
            new TestRun(1, ONE, "testreport ={\"test-a.t\": {}}", TestTimes.NONE), List.of()));
    assertThat(folder.resolve("report.xml")).hasContent(ONE);
    assertThat(folder.resolve("report.json")).hasContent("{\"test-a.t\": {}}");
  }

  @Test
  void oneThatCannotBeWrittenDoesNotTakeTheOtherAlong() throws IOException {
    Files.createDirectories(folder.resolve("report.xml/full"));
    assertThat(
            SuiteReport.merge(
                folder,
                new SuiteOutcome(
                    0, List.of(), List.of(run(ONE, "{\"test-a.t\": {}}")), Optional.empty())))
        .hasSize(1);
    assertThat(json().keySet()).containsExactly("test-a.t");
  }

  @Test
  void whatIsNotThereIsNotKept() {
    SuiteReport.write(
        folder, SuiteOutcome.ofOne(new TestRun(2, "", "", TestTimes.NONE), List.of()));
    assertThat(folder).isEmptyDirectory();
  }

  private static Findings run(String xunit, String report) {
    return new Findings(Optional.of(new TestRun(0, xunit, report, TestTimes.NONE)), List.of());
  }

  private void merge(Findings... all) {
    SuiteReport.merge(folder, new SuiteOutcome(0, List.of(), List.of(all), Optional.empty()));
  }

  private JsonObject json() throws IOException {
    return JsonParser.parseString(Files.readString(folder.resolve("report.json")))
        .getAsJsonObject();
  }
}
