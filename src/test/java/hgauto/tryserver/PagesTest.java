package hgauto.tryserver;

import static org.assertj.core.api.Assertions.assertThat;

import hgauto.tryserver.TestResult.Outcome;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PagesTest {
  private static final Run FAILED = Runs.of(7, RunStatus.FAILED);
  private static final List<TestResult> TESTS =
      List.of(
          new TestResult("test-a.t", Outcome.PASSED, 61, ""),
          new TestResult("test-b.t", Outcome.SKIPPED, 0, "missing feature: Windows"),
          new TestResult("test-c.t", Outcome.FAILED, 1.5, "@@ -1 +1 @@\n-  old\n+  new"),
          new TestResult("test-d.t", Outcome.FAILED, 0, "timed out"));

  private final Pages pages =
      new Pages(Clock.fixed(Runs.NOON.plus(Duration.ofMinutes(5)), ZoneOffset.UTC));

  @ParameterizedTest
  @EnumSource
  void saysTheVerdictFirstInWordsWithASymbolAndAColour(RunStatus status) {
    StatusMark mark = StatusMark.of(status);
    Document page = run(Runs.of(7, status), List.of());
    Element first = page.selectFirst("main > *");
    assertThat(first.className()).isEqualTo("verdict " + mark.style());
    assertThat(first.selectFirst("h1").text()).isEqualTo(mark.symbol() + mark.word() + " Run 7");
    assertThat(first.selectFirst(".mark").attr("aria-hidden")).isEqualTo("true");
    assertThat(page.title()).startsWith(mark.word() + " · run 7 · commit: keep the message");
    assertThat(PageAssets.STYLE).contains("." + mark.style());
  }

  @Test
  void tellsCountsAndTimesAndChangeset() {
    Document page = run(FAILED, TESTS);
    assertThat(page.selectFirst(".sum").text())
        .isEqualTo("3 failed, 120 passed, 4 skipped in 2 min 14 s");
    assertThat(page.selectFirst(".message").wholeText()).isEqualTo(FAILED.message());
    assertThat(page.select("dl > div").eachText())
        .containsExactly(
            "Node " + FAILED.node(),
            "Author Ann Author <ann@example.com>",
            "Branch default",
            "Test flags test-commit.t -j2",
            "Submitted 24 Nov 2026, 12:00 UTC, 5 minutes ago",
            "Started 24 Nov 2026, 12:00 UTC",
            "Ended 24 Nov 2026, 12:02 UTC",
            "Exit code 1");
  }

  @Test
  void saysWhyThereIsNoVerdict() {
    Document page = run(Runs.of(7, RunStatus.ERROR), List.of());
    assertThat(page.selectFirst(".verdict .reason").text())
        .isEqualTo("make local ended with code 2");
    assertThat(page.selectFirst(".sum").text()).isEqualTo("Ended after 2 min 14 s");
  }

  @Test
  void showsFailedTestsFirstAndOpenAndTheOthersClosed() {
    Document page = run(FAILED, TESTS);
    assertThat(page.select("details > summary").eachText())
        .containsExactly(
            "✗test-c.t failed after 1.5 s", "✗test-d.t failed", "–1 skipped", "✓1 passed");
    assertThat(page.select("details").eachAttr("open")).hasSize(2);
    assertThat(page.select("details.skipped li").text())
        .isEqualTo("test-b.t missing feature: Windows");
    assertThat(page.select("details.passed li").text()).isEqualTo("test-a.t 1 min 1 s");
    assertThat(page.select(".names a").eachAttr("href"))
        .containsExactly("#failed-1", "#failed-2")
        .allMatch(link -> page.selectFirst(link) != null);
  }

  @Test
  void tellsAddedLinesFromRemovedOnes() {
    Element diff = run(FAILED, TESTS).selectFirst(".diff");
    assertThat(diff.selectFirst("ins").wholeText()).isEqualTo("+  new");
    assertThat(diff.selectFirst("del").wholeText()).isEqualTo("-  old\n");
    assertThat(diff.wholeText()).isEqualTo("@@ -1 +1 @@\n-  old\n+  new");
  }

  @Test
  void aPageHasRoomForAMegabyteOfOutputAndSaysWhereTheRestIs() {
    List<TestResult> many = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      many.add(new TestResult("test-" + i + ".t", Outcome.FAILED, 1, "x".repeat(60_000)));
    }
    String html = pages.run(new RunPage(FAILED, many, LogTail.EMPTY, false));
    assertThat(html).hasSizeBetween(1_000_000, 1_200_000);
    Document page = Jsoup.parse(html);
    assertThat(page.select("details")).hasSize(40);
    assertThat(page.select("details > p")).hasSize(23);
    assertThat(page.select("details > p a").last().attr("href")).isEqualTo("/runs/7/log");
    assertThat(page.select(".names li").last().text()).isEqualTo("and 28 more");
  }

  @Test
  void theLogComesLastWithALinkToAllOfIt() {
    RunPage model = new RunPage(FAILED, TESTS, new LogTail("\n$ make local\nok\n", 3 << 20), false);
    Element last = Jsoup.parse(pages.run(model)).selectFirst("main > :last-child");
    assertThat(last.selectFirst("pre").wholeText()).isEqualTo("\n$ make local\nok\n");
    assertThat(last.text()).contains("The first 3 MB are left out here.");
    assertThat(last.select("a").eachAttr("href")).containsExactly("/runs/7/log", "/runs/7.json");
  }

  @Test
  void aLivePageFollowsTheLogAndLoadsItselfAgainWithoutJavaScript() {
    Document page = run(Runs.of(7, RunStatus.RUNNING), List.of());
    assertThat(page.selectFirst("pre.log").attr("data-follow")).isEqualTo("/runs/7/log?follow");
    assertThat(page.selectFirst("head > noscript").html())
        .isEqualTo("<meta http-equiv=\"refresh\" content=\"10\">");
    assertThat(page.select("script")).hasSize(1);
    assertThat(page.selectFirst(".sum").text()).isEqualTo("So far 4 min 55 s");
  }

  @Test
  void aFinishedPageStandsStill() {
    Document page = run(FAILED, TESTS);
    assertThat(page.select("script, [http-equiv=refresh], noscript, [data-follow]")).isEmpty();
  }

  @Test
  void aSavedPageNeedsNoServer() {
    Document page = Jsoup.parse(pages.run(new RunPage(FAILED, TESTS, LogTail.EMPTY, true)));
    assertThat(page.select("[href], [src]").stream().map(e -> e.attr("href")))
        .filteredOn(link -> !link.startsWith("#") && !link.startsWith("data:"))
        .containsExactly("log.txt");
    assertThat(page.selectFirst("[http-equiv=Content-Security-Policy]").attr("content"))
        .startsWith("default-src 'none'");
    assertThat(page.text()).doesNotContain(" ago");
  }

  @Test
  void thePolicyAdmitsTheStyleAndTheScriptOfThePageAndNothingElse() throws Exception {
    Document page = run(Runs.of(7, RunStatus.RUNNING), List.of());
    assertThat(Pages.contentSecurityPolicy().split("; "))
        .containsExactlyInAnyOrder(
            "default-src 'none'",
            "style-src " + hash(page.selectFirst("style").data()),
            "script-src " + hash(page.selectFirst("script").data()),
            "connect-src 'self'",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'");
    assertThat(page.select("[style], [onclick], [onload]")).isEmpty();
  }

  @Test
  void listsRunsInTheGivenOrder() {
    Document page = Jsoup.parse(pages.runs(List.of(Runs.of(8, RunStatus.RUNNING), FAILED)));
    assertThat(page.select(".runs > li").eachText())
        .containsExactly(
            "▸Running commit: keep the message when the editor fails Run 8 5d5fd0f4bc5d on default"
                + " by Ann Author 24 Nov 2026, 12:00 UTC 5 minutes ago, running for 4 min 55 s",
            "✗Failed commit: keep the message when the editor fails Run 7 5d5fd0f4bc5d on default"
                + " by Ann Author 3 failed, 120 passed, 4 skipped 24 Nov 2026, 12:00 UTC"
                + " 5 minutes ago, took 2 min 14 s");
    assertThat(page.select(".runs h2 a").eachAttr("href")).containsExactly("/runs/8", "/runs/7");
    assertThat(page.select("[http-equiv=refresh]")).hasSize(1);
    assertThat(Jsoup.parse(pages.runs(List.of(FAILED))).select("[http-equiv=refresh]")).isEmpty();
  }

  @Test
  void anEmptyListSaysHowToBegin() {
    Document page = Jsoup.parse(pages.runs(List.of()));
    assertThat(page.selectFirst("main code").text()).isEqualTo("hgauto try --server URL");
  }

  @Test
  void errorPagesSayWhat() {
    assertThat(Jsoup.parse(pages.notFound()).selectFirst("h1").text()).isEqualTo("Not found");
    assertThat(Jsoup.parse(pages.error("<b>", "a < b")).selectFirst("main").text())
        .startsWith("<b> a < b");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<script>document.title='x'</script><img src=x onerror=alert(1)>",
        "\"'><svg onload=alert(1)>",
        "</title></style></pre></bdi></a><h1>Passed</h1>",
        "javascript:alert(1)",
        "--><!--",
        "&lt;b&gt; &amp; &#x3c;",
        "$(touch x) ${7*7} @if(true) `id`",
      })
  void markupIsShownAsText(String text) {
    Run hostile = Runs.saying(text);
    List<TestResult> tests =
        List.of(
            new TestResult(text, Outcome.FAILED, 1, text),
            new TestResult(text, Outcome.FAILED, 1, "@@ " + text + "\n+" + text + "\n-" + text),
            new TestResult(text, Outcome.SKIPPED, 1, text),
            new TestResult(text, Outcome.PASSED, 1, text));
    Run plain = Runs.saying("plain");
    List<TestResult> plainTests =
        List.of(
            new TestResult("plain", Outcome.FAILED, 1, "plain"),
            new TestResult("plain", Outcome.FAILED, 1, "@@ plain\n+plain\n-plain"),
            new TestResult("plain", Outcome.SKIPPED, 1, "plain"),
            new TestResult("plain", Outcome.PASSED, 1, "plain"));

    for (boolean saved : new boolean[] {false, true}) {
      Document page =
          Jsoup.parse(pages.run(new RunPage(hostile, tests, new LogTail(text, 0), saved)));
      assertThat(shape(page))
          .isEqualTo(
              shape(
                  Jsoup.parse(
                      pages.run(new RunPage(plain, plainTests, new LogTail("plain", 0), saved)))));
      assertThat(page.selectFirst(".message").wholeText()).isEqualTo(text);
      assertThat(page.selectFirst(".log").wholeText()).isEqualTo(text);
      assertThat(page.selectFirst(".flag").wholeText()).isEqualTo(text);
      assertThat(page.selectFirst("summary bdi").wholeText()).isEqualTo(text);
      assertThat(page.title()).endsWith(text);
    }
    assertThat(shape(Jsoup.parse(pages.runs(List.of(hostile)))))
        .isEqualTo(shape(Jsoup.parse(pages.runs(List.of(plain)))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "all\u001b[2Jgone | all␛[2Jgone",
        "evil\u202etxt.exe | evil‹U+202E›txt.exe",
        "half\ud83d | half\ufffd",
        "nul\0l | nul␀l"
      })
  void whatWouldActOnTheScreenIsShown(String text, String visible) {
    String html =
        pages.run(
            new RunPage(
                Runs.saying(text),
                List.of(new TestResult(text, Outcome.FAILED, 1, text)),
                new LogTail(text, 0),
                false));
    assertThat(html).doesNotContain(text);
    Document page = Jsoup.parse(html);
    assertThat(page.title()).endsWith(visible);
    assertThat(page.select(".message, .log, .flag, summary bdi, .diff").eachText())
        .hasSize(5)
        .containsOnly(visible);
  }

  @Test
  void aMegabyteOfAnythingLeavesAListThatCanBeRead() {
    Run huge = Runs.saying("x".repeat(1 << 20));
    String list = pages.runs(List.of(huge, huge));
    assertThat(list.length() - PageAssets.STYLE.length()).isLessThan(4000);
    assertThat(Jsoup.parse(list).selectFirst("h2").text()).hasSize(120).endsWith("…");

    Document page =
        run(huge, List.of(new TestResult(huge.message(), Outcome.PASSED, 1, huge.message())));
    assertThat(page.selectFirst(".message").text()).hasSize(1 << 20);
    page.select(".message").remove();
    assertThat(page.text()).hasSizeLessThan(5000);
  }

  private Document run(Run run, List<TestResult> tests) {
    return Jsoup.parse(pages.run(new RunPage(run, tests, LogTail.EMPTY, false)));
  }

  /** The elements and the names of their attributes, without any text. */
  private static List<String> shape(Document page) {
    return page.getAllElements().stream()
        .map(e -> e.tagName() + e.attributes().asList().stream().map(a -> a.getKey()).toList())
        .toList();
  }

  private static String hash(String text) throws Exception {
    byte[] digest =
        MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
  }
}
