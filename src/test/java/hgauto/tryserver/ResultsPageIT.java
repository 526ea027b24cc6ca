package hgauto.tryserver;

import static org.assertj.core.api.Assertions.assertThat;

import hgauto.tryserver.TestResult.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;

/** The pages in a real browser. Leaves pictures of them in {@code target/screenshots}. */
class ResultsPageIT {
  private static final String HOSTILE =
      "<script>window.taken=1</script><img src=x onerror=window.taken=1>\"'><svg onload=window.taken=1>";
  private static final String LOG =
      "$ make local\nrunning build_ext\n$ run-tests.py --local --xunit report.xml -j2\n"
          + "running 127 tests using 2 parallel processes\n"
          + ".".repeat(300)
          + "\n# Ran 123 tests, 4 skipped, 3 failed.\n";

  private static Chromium browser;
  private static ChromeDriver driver;

  private final Pages pages =
      new Pages(Clock.fixed(Runs.NOON.plus(Duration.ofMinutes(5)), ZoneOffset.UTC));
  private PageServer server;

  @BeforeAll
  static void startBrowser() {
    browser = Chromium.start();
    driver = browser.driver();
  }

  @AfterAll
  static void stopBrowser() {
    if (browser != null) {
      browser.close();
    }
  }

  @BeforeEach
  void startServer() throws Exception {
    server = new PageServer();
    browser.screen(1200, 900, false);
    browser.colours("light");
  }

  @AfterEach
  void stopServer() throws Exception {
    server.shutDown();
  }

  @Test
  void theLogGrowsAndThePageTurnsIntoTheVerdict() throws Exception {
    server.pages.put("/runs/7", running());
    driver.get(server.url("/runs/7"));
    server.log("$ make local\n");
    await().until(() -> logText().equals("$ make local\n"));
    server.log("<b>bold?</b> \u001b[31m evil\u202e\n");
    await().until(() -> logText().endsWith("\n<b>bold?</b> \ufffd[31m evil\ufffd\n"));
    assertThat(driver.findElements(By.cssSelector("pre b"))).isEmpty();
    browser.photograph("running");

    server.pages.put("/runs/7", failed(false));
    server.endLog();
    await().until(() -> driver.getTitle().startsWith("Failed"));
    assertThat(driver.findElement(By.tagName("h1")).getText()).contains("Failed");
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void anEndlessLogKeepsToItsEnd() {
    server.pages.put("/runs/7", running());
    driver.get(server.url("/runs/7"));
    for (int i = 0; i < 100; i++) {
      server.log("0123456789\n".repeat(1000));
    }
    server.log("the end\n");
    await().until(() -> logText().endsWith("the end\n"));
    assertThat(logText()).hasSizeBetween(8, 200_000);
    assertThat(
            (Boolean)
                driver.executeScript(
                    "const p = document.querySelector('.log'); return p.scrollHeight - p.scrollTop - p.clientHeight < 2;"))
        .isTrue();
  }

  @Test
  void aLostConnectionIsToldAndLosesNothing() {
    server.pages.put("/runs/7", running().replace("/runs/7/log?follow", "/gone"));
    driver.get(server.url("/runs/7"));
    await().until(() -> driver.findElement(By.id("live")).getText().contains("was lost"));
    assertThat(logText()).contains("$ make local");
    browser.complaints();
  }

  @Test
  void failedTestsComeFirstWithTheirOutputInSight() throws Exception {
    server.pages.put("/runs/7", failed(false));
    driver.get(server.url("/runs/7"));
    List<WebElement> tests = driver.findElements(By.tagName("details"));
    assertThat(tests.get(0).getText()).contains("test-commit-editor.t").contains("+  rollback");
    assertThat(tests.get(tests.size() - 1).getText()).isEqualTo("✓\n120 passed");
    assertThat(tests).extracting(test -> test.getLocation().getY()).isSorted();
    browser.photograph("failed-desktop");
    browser.colours("dark");
    browser.photograph("failed-dark");
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void onAPhoneNoPageScrollsSideways() throws Exception {
    browser.screen(360, 740, true);
    server.pages.put("/", list());
    server.pages.put("/empty", pages.runs(List.of()));
    server.pages.put("/runs/7", failed(false));
    server.pages.put("/hostile", hostile());
    server.pages.put("/live", running());
    server.pages.put("/missing", pages.notFound());
    for (String path : List.of("/", "/empty", "/runs/7", "/hostile", "/live", "/missing")) {
      driver.get(server.url(path));
      browser.photograph("phone" + path.replace('/', '-'));
      assertThat(
              (Boolean)
                  driver.executeScript(
                      "const d = document.documentElement; return innerWidth === 360 && d.scrollWidth <= d.clientWidth;"))
          .as(path)
          .isTrue();
    }
    server.endLog();
  }

  @Test
  void theListIsReadable() throws Exception {
    server.pages.put("/", list());
    server.pages.put("/empty", pages.runs(List.of()));
    driver.get(server.url("/"));
    assertThat(driver.findElements(By.cssSelector(".runs > li"))).hasSize(6);
    browser.photograph("runs-desktop");
    browser.colours("dark");
    browser.photograph("runs-dark");
    driver.get(server.url("/empty"));
    browser.photograph("empty-dark");
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void whatASubmitterWritesDoesNotRun() {
    server.pages.put("/runs/7", hostile());
    server.pages.put("/", pages.runs(List.of(Runs.saying(HOSTILE))));
    for (String path : List.of("/runs/7", "/")) {
      driver.get(server.url(path));
      assertThat(driver.executeScript("return window.taken")).isNull();
      assertThat(driver.findElement(By.tagName("main")).getText())
          .contains("<script>window.taken=1");
    }
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void thePolicyStopsAScriptThatIsNotOurs() {
    server.pages.put("/runs/7", failed(false).replace("</main>", HOSTILE + "</main>"));
    driver.get(server.url("/runs/7"));
    assertThat(driver.executeScript("return window.taken")).isNull();
    assertThat(browser.complaints()).anyMatch(text -> text.contains("Content Security Policy"));
  }

  @Test
  void aMessageOfAMegabyteLeavesThePageReadable() {
    Run huge = Runs.saying("word ".repeat(200_000));
    server.pages.put("/runs/7", pages.run(new RunPage(huge, tests(), new LogTail(LOG, 0), false)));
    driver.get(server.url("/runs/7"));
    assertThat(driver.findElement(By.className("message")).getSize().getHeight()).isLessThan(300);
    assertThat(driver.findElement(By.id("log")).getLocation().getY()).isLessThan(8000);
  }

  @Test
  void everythingCanBeReadWithoutJavaScript() throws Exception {
    try (Chromium plain = Chromium.withoutJavaScript()) {
      server.pages.put("/runs/7", running());
      plain.driver().get(server.url("/runs/7"));
      // What is on the page is read before it loads itself again.
      assertThat(plain.driver().findElement(By.className("log")).getText())
          .contains("$ make local");
      // WebDriver's own idea of a text leaves noscript out.
      assertThat(
              (String)
                  plain.driver().executeScript("return document.querySelector('#live').innerText"))
          .isEqualTo("This page loads itself again every 10 seconds. Load this page again");
      plain.photograph("running-without-javascript");

      server.pages.put("/runs/7", failed(false));
      // Nothing but the page's own refresh brings the verdict.
      await().until(() -> plain.driver().getTitle().startsWith("Failed"));
      plain.driver().findElement(By.cssSelector("details.passed summary")).click();
      assertThat(plain.driver().findElement(By.tagName("main")).getText())
          .contains("3 failed, 120 passed, 4 skipped", "+  rollback", "test-119.t", "make local");
      plain.photograph("failed-without-javascript");
    }
  }

  @Test
  void aSavedPageWorksAfterTheServerHasGone(@TempDir Path folder) throws Exception {
    Files.writeString(folder.resolve("index.html"), failed(true));
    Files.writeString(folder.resolve("log.txt"), LOG);
    driver.get(folder.resolve("index.html").toUri().toString());
    assertThat(driver.findElement(By.tagName("h1")).getText()).contains("Failed");
    assertThat(driver.findElement(By.className("verdict")).getCssValue("border-left-width"))
        .isEqualTo("6px");
    browser.photograph("saved");
    driver.findElement(By.linkText("Whole log")).click();
    await().until(() -> driver.getCurrentUrl().endsWith("/log.txt"));
    assertThat(driver.findElement(By.tagName("body")).getText()).contains("$ make local");
    assertThat(browser.complaints()).isEmpty();
  }

  /** A browser may take long on a loaded machine. */
  private static ConditionFactory await() {
    return Awaitility.await().atMost(Duration.ofMinutes(1));
  }

  private static String logText() {
    return (String) driver.executeScript("return document.querySelector('.log').textContent");
  }

  private String running() {
    return pages.run(
        new RunPage(
            Runs.of(7, RunStatus.RUNNING), List.of(), new LogTail("$ make local\n", 0), false));
  }

  private String failed(boolean saved) {
    return pages.run(
        new RunPage(Runs.of(7, RunStatus.FAILED), tests(), new LogTail(LOG, 300_000), saved));
  }

  private String hostile() {
    return pages.run(
        new RunPage(
            Runs.saying(HOSTILE + "W".repeat(400)),
            List.of(
                new TestResult(HOSTILE + "W".repeat(150), Outcome.FAILED, 1, HOSTILE.repeat(9)),
                new TestResult(HOSTILE + "W".repeat(150), Outcome.SKIPPED, 1, HOSTILE.repeat(9)),
                new TestResult(HOSTILE + "W".repeat(150), Outcome.PASSED, 1, "")),
            new LogTail(HOSTILE.repeat(50), 0),
            false));
  }

  private String list() {
    return pages.runs(
        List.of(
            Runs.of(12, RunStatus.QUEUED),
            Runs.of(11, RunStatus.RUNNING),
            Runs.of(10, RunStatus.PASSED),
            Runs.of(9, RunStatus.ERROR),
            Runs.of(8, RunStatus.INTERRUPTED),
            Runs.of(7, RunStatus.FAILED)));
  }

  private static List<TestResult> tests() {
    List<TestResult> tests = new ArrayList<>();
    tests.add(
        new TestResult(
            "test-commit-editor.t",
            Outcome.FAILED,
            3.21,
            """
            --- /home/hg/src/tests/test-commit-editor.t
            +++ /home/hg/src/tests/test-commit-editor.t.err
            @@ -26,7 +26,8 @@
               $ HGEDITOR=false hg commit
            -  abort: edit failed: false exited with status 1 (the message is kept in .hg/last-message.txt)
            +  abort: edit failed: false exited with status 1
            +  rollback completed
               [250]
               $ cat .hg/last-message.txt
               second"""));
    tests.add(new TestResult("test-share.t", Outcome.FAILED, 0, "timed out"));
    tests.add(new TestResult("test-doctest.py", Outcome.FAILED, 12, "returned error code 1"));
    for (String name : List.of("test-casefolding.t", "test-eol.t", "test-win32text.t")) {
      tests.add(new TestResult(name, Outcome.SKIPPED, 0, "missing feature: Windows"));
    }
    tests.add(new TestResult("test-convert-svn.t", Outcome.SKIPPED, 0, "missing feature: svn"));
    for (int i = 0; i < 120; i++) {
      tests.add(new TestResult("test-" + i + ".t", Outcome.PASSED, 0.37 * (i + 1), ""));
    }
    return tests;
  }
}
