package hgauto.tryserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.tuple;

import hgauto.tryserver.TestResult.Outcome;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class XunitReportTest {
  @TempDir private Path folder;
  private Path report;
  private Path log;

  @BeforeEach
  void nameTheFiles() {
    report = folder.resolve("report.xml");
    log = folder.resolve("log.txt");
  }

  /** The files are those of a run of Mercurial 6.9.5's own run-tests.py. */
  @Test
  void readsARealReportAndTheFailuresThatOnlyTheLogNames() throws Exception {
    List<TestResult> tests = XunitReport.read(sample("xunit.xml"), sample("xunit.log"));
    assertThat(tests)
        .extracting(TestResult::name, TestResult::outcome, TestResult::seconds)
        .containsExactly(
            tuple("test-passed.t", Outcome.PASSED, 0.012),
            tuple("test-broken.t", Outcome.FAILED, 0.016),
            tuple("test-missing.t", Outcome.SKIPPED, 0.0),
            tuple("test-skip.t", Outcome.SKIPPED, 0.0),
            tuple("test-add.t", Outcome.FAILED, 0.0),
            tuple("test-noresult.py", Outcome.FAILED, 0.0),
            tuple("test-timeout.t", Outcome.FAILED, 0.0));
    assertThat(tests.get(1).output())
        .startsWith("--- /home/hg/src/tests/test-broken.t\n+++ ")
        .contains("\n-  goodbye\n+  hello\n")
        .contains("] ]> é\\n'")
        .endsWith("(esc)");
    assertThat(tests.get(3).output()).isEqualTo("missing feature: Windows");
    assertThat(tests.get(5).output()).isEqualTo("returned error code 3");
    assertThat(tests.get(6).output()).isEqualTo("timed out");
    assertThat(Run.Counts.of(tests)).isEqualTo(new Run.Counts(1, 4, 2));
  }

  @Test
  void keepsTheTracebackOfATestThatBroke() throws IOException {
    write("<testsuite/>");
    Files.writeString(
        log,
        """
        Failed to find a compiler: going on
        Errored test-a.py: Traceback (most recent call last):
          File "run-tests.py", line 1
        KeyError: 'x'

        # Ran 1 tests, 0 skipped, 0 failed.
        """);
    assertThat(XunitReport.read(report, log))
        .containsExactly(
            new TestResult(
                "test-a.py",
                Outcome.FAILED,
                0,
                "Traceback (most recent call last):\n  File \"run-tests.py\", line 1\n"
                    + "KeyError: 'x'"));
  }

  @Test
  void aLogThatNamesATestOfTheReportAddsNothing() throws IOException {
    write("<testsuite><testcase name='test-a.t'/></testsuite>");
    Files.writeString(log, "Failed test-a.t: output changed\n# Ran 1 tests\n");
    assertThat(XunitReport.read(report, log))
        .containsExactly(new TestResult("test-a.t", Outcome.PASSED, 0, ""));
  }

  @Test
  void readsCharactersThatXmlDoesNotAllow() throws IOException {
    write(
        "<testsuite><testcase name='t'><failure><![CDATA[a\u0001\ufffe\u001b]]></failure></testcase></testsuite>");
    assertThat(read().get(0).output()).isEqualTo("a\ufffd\ufffd\ufffd");
  }

  @Test
  void takesTheMessageWhereThereIsNoOutput() throws IOException {
    write(
        """
        <testsuite><testcase name="t">
          <failure message="output changed"><![CDATA[]]></failure>
        </testcase></testsuite>""");
    assertThat(read().get(0).output()).isEqualTo("output changed");
  }

  @ParameterizedTest
  @CsvSource({"NaN", "Infinity", "-3", "soon", "''"})
  void aTimeThatIsNoneCountsAsNone(String time) throws IOException {
    write("<testsuite><testcase name='t' time='" + time + "'/></testsuite>");
    assertThat(read().get(0).seconds()).isZero();
  }

  @Test
  void cutsEndlessOutputVisibly() throws IOException {
    String endless = "x".repeat(XunitReport.MAX_OUTPUT + 1000);
    write(
        "<testsuite><testcase name='t'><failure>" + endless + "</failure></testcase></testsuite>");
    assertThat(read().get(0).output())
        .hasSizeLessThan(XunitReport.MAX_OUTPUT + 100)
        .endsWith("\n… 1000 more characters are left out here");
  }

  @Test
  void aMissingReportSaysSo() {
    assertThatIOException().isThrownBy(this::read).withMessageContaining("before it wrote");
  }

  @Test
  void aTruncatedReportSaysSoWhereverItIsCut() throws Exception {
    byte[] whole = Files.readAllBytes(sample("xunit.xml"));
    int end = new String(whole, StandardCharsets.ISO_8859_1).lastIndexOf('>');
    for (int length = 0; length <= end; length += 7) {
      Files.write(report, Arrays.copyOf(whole, length));
      assertThatIOException().isThrownBy(this::read).withMessageContaining("cut off or is no XML");
    }
  }

  @Test
  void refusesAnEntityThatReadsAFile() throws IOException {
    Path secret = Files.writeString(folder.resolve("secret"), "the secret");
    write(
        "<!DOCTYPE t [<!ENTITY s SYSTEM '"
            + secret.toUri()
            + "'>]><testsuite><testcase name='t'><failure>&s;</failure></testcase></testsuite>");
    assertThatIOException().isThrownBy(this::read).withMessageContaining("document type");
  }

  @Test
  void refusesEntitiesThatGrow() throws IOException {
    StringBuilder laughs = new StringBuilder("<!DOCTYPE t [<!ENTITY a0 'ha'>");
    for (int i = 1; i < 40; i++) {
      laughs.append("<!ENTITY a%d '&a%d;&a%d;'>".formatted(i, i - 1, i - 1));
    }
    write(laughs + "]><testsuite><testcase name='&a39;'/></testsuite>");
    assertThatIOException().isThrownBy(this::read);
  }

  @Test
  void refusesAReportThatIsTooLarge() throws IOException {
    try (var file = new RandomAccessFile(report.toFile(), "rw")) {
      file.setLength(XunitReport.MAX_BYTES + 1);
    }
    assertThatIOException().isThrownBy(this::read).withMessageContaining("larger than 32 MB");
  }

  @Test
  void refusesMoreTestsThanThereAre() throws IOException {
    write(
        "<testsuite>" + "<testcase name='t'/>".repeat(XunitReport.MAX_TESTS + 1) + "</testsuite>");
    assertThatIOException().isThrownBy(this::read).withMessageContaining("more than 10000 tests");
  }

  private void write(String xml) throws IOException {
    Files.writeString(report, xml);
  }

  private List<TestResult> read() throws IOException {
    return XunitReport.read(report, log);
  }

  private static Path sample(String name) throws URISyntaxException {
    return Path.of(XunitReportTest.class.getResource(name).toURI());
  }
}
