package hgauto.task;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import hgauto.error.EnvironmentException;
import hgauto.error.UsageException;
import hgauto.poll.Poll;
import hgauto.release.LatestDat;
import hgauto.release.MercurialVersion;
import hgauto.release.PackageIndex;
import hgauto.release.PublishPlan;
import hgauto.release.PublishPlan.Item;
import hgauto.release.PublishPlan.Presence;
import hgauto.release.Site;
import hgauto.release.SiteFile;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a server of HTTP answers to who compares; the files have the three bytes abc. */
class PublicDownloadsTest {
  /** FIPS 180-2. */
  private static final String ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
  private final Spoken spoken = new Spoken();
  private final PublicDownloads downloads =
      new PublicDownloads(
          spoken.console(false),
          new Poll(now::get, pause -> now.updateAndGet(it -> it.plus(pause))));
  private HttpServer server;
  private URI address;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.start();
    address = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void serve(String path, int status, String body) {
    server.createContext(
        path,
        exchange -> {
          try (exchange) {
            exchange.getResponseHeaders().set("Content-Type", "text/html");
            exchange.sendResponseHeaders(status, 0);
            exchange.getResponseBody().write(body.getBytes(UTF_8));
          }
        });
  }

  private static PublishPlan plan(Presence onIndex, Presence onSite, String... names) {
    List<Item> items = new ArrayList<>();
    for (String name : names) {
      items.add(
          new Item(new SiteFile(name, Path.of(name), 3, ABC), Optional.empty(), onIndex, onSite));
    }
    return new PublishPlan(items, Optional.empty(), List.of(), false, Optional.empty(), List.of());
  }

  private static PublishReport report(PublishPlan plan, PublicDownloads.Found found) {
    return PublishReport.planned(MercurialVersion.of("7.2"), plan, "index", "site:/", List.of())
        .done(Optional.of(Path.of("dist/saved.dat")), found);
  }

  @Test
  void aFileThatCannotBeDownloadedIsToldWithAllTheOthers() throws Exception {
    serve("/a", 200, "abc");
    serve("/b", 500, "");
    serve("/c", 200, "abc");
    PublishPlan plan = plan(Presence.LEFT_OUT, Presence.ABSENT, "a", "b", "c");

    PublishReport report =
        report(plan, downloads.check(plan, Optional.empty(), Optional.of(address)));

    assertThat(report.exitCode()).isEqualTo(3);
    assertThat(report.wrong()).isEmpty();
    assertThat(report.lines())
        .contains("  published: " + address + "a", "  published: " + address + "c")
        .contains(
            "public, but NOT COMPARED: cannot read "
                + address
                + "b: the server answers with HTTP status 500")
        .anyMatch(line -> line.contains("saved.dat"));
  }

  @Test
  void anotherFileIsWrong() throws Exception {
    serve("/a", 200, "abd");
    serve("/b", 500, "");
    PublishPlan plan = plan(Presence.LEFT_OUT, Presence.ABSENT, "a", "b", "c");

    PublishReport report =
        report(plan, downloads.check(plan, Optional.empty(), Optional.of(address)));

    assertThat(report.exitCode()).isEqualTo(1);
    assertThat(report.wrong())
        .hasSize(2)
        .anyMatch(line -> line.startsWith(address + "a has SHA-256 "))
        .contains(address + "c is not there");
  }

  @Test
  void anIndexThatAnswersLateOrNeverIsWaitedForAndTold() throws Exception {
    serve("/simple/mercurial/a", 200, "abc");
    serve("/simple/mercurial/", 200, "<a href='a#sha256=" + ABC + "'>a</a>");
    PublishPlan plan = plan(Presence.ABSENT, Presence.LEFT_OUT, "a", "b");

    PublicDownloads.Found found =
        downloads.check(plan, Optional.of(PackageIndex.of(address)), Optional.empty());

    assertThat(found.onIndex()).containsOnlyKeys("a");
    assertThat(found.unchecked()).singleElement().asString().startsWith("b: timed out waiting");

    server.removeContext("/simple/mercurial/");
    serve("/simple/mercurial/", 503, "");
    found = downloads.check(plan, Optional.of(PackageIndex.of(address)), Optional.empty());

    assertThat(found.unchecked())
        .singleElement()
        .asString()
        .startsWith("a, b: timed out")
        .contains("HTTP status 503");
  }

  @Test
  void anIndexThatShowsItAtTheThirdLookIsLookedAtThreeTimes() throws Exception {
    serve("/simple/mercurial/a", 200, "abc");
    AtomicInteger looks = new AtomicInteger();
    server.createContext(
        "/simple/mercurial/",
        exchange -> {
          try (exchange;
              OutputStream body = exchange.getResponseBody()) {
            exchange.getResponseHeaders().set("Content-Type", "text/html");
            exchange.sendResponseHeaders(200, 0);
            String page = "<a href='a#sha256=" + ABC + "'>a</a>";
            for (byte each : (looks.incrementAndGet() < 3 ? "" : page).getBytes(UTF_8)) {
              body.write(each);
              body.flush(); // a packet each
            }
          }
        });
    PublishPlan plan = plan(Presence.ABSENT, Presence.LEFT_OUT, "a");

    PublishReport report =
        report(
            plan, downloads.check(plan, Optional.of(PackageIndex.of(address)), Optional.empty()));

    assertThat(looks).hasValue(3);
    assertThat(now).hasValue(Instant.EPOCH.plusSeconds(10));
    assertThat(report.exitCode()).isZero();
    assertThat(report.lines()).contains("  published: " + address + "simple/mercurial/a");
  }

  @Test
  void anIndexThatNeverShowsItIsToldOf() throws Exception {
    serve("/simple/mercurial/", 200, "");
    PublishPlan plan = plan(Presence.ABSENT, Presence.LEFT_OUT, "a", "b");

    PublishReport report =
        report(
            plan, downloads.check(plan, Optional.of(PackageIndex.of(address)), Optional.empty()));

    assertThat(report.exitCode()).isEqualTo(3);
    assertThat(report.lines())
        .anyMatch(
            line ->
                line.startsWith("public, but NOT COMPARED: a, b: timed out waiting for")
                    && line.contains(address + "simple/mercurial/ to show the wheels"));
    assertThat(now.get()).isAfter(Instant.EPOCH.plus(Duration.ofMinutes(4)));
  }

  @Test
  void whereVisitorsFindNothingIsSeenBeforehand() {
    serve("/moved/", 301, "");
    PublicDownloads.visit(address); // it has no latest.dat yet

    assertThatThrownBy(() -> PublicDownloads.visit(address.resolve("moved/")))
        .isInstanceOf(EnvironmentException.class);
    assertThatThrownBy(() -> PublicDownloads.visit(URI.create("127.0.0.1/windows")))
        .isInstanceOf(UsageException.class);
  }

  private static Site.State site(String latest, Map<String, String> hashes) {
    return new Site.State(
        hashes.keySet(),
        hashes,
        Optional.ofNullable(latest).map(it -> LatestDat.of(it.getBytes(UTF_8))),
        Optional.empty());
  }

  @Test
  void visitorsWhoGetWhatTheSiteHasFindTheSite() {
    serve("/latest.dat", 200, "abc");
    serve("/SHA256SUMS-7.2", 200, "abc");
    Map<String, String> files = Map.of("SHA256SUMS-7.2", ABC, "Mercurial-7.2-x64.exe", ABC);
    PublicDownloads.Visit visit = PublicDownloads.visit(address);

    visit.checkIsOf(site("abc", Map.of()));
    visit.checkIsOf(site(null, files));
    visit.checkIsOf(site("newer than the cache's", files));
    visit.checkIsOf(site(null, Map.of())); // nothing is known
  }

  @Test
  void whatVisitorsGetOfLatestDatIsAskedForOnce() {
    AtomicInteger asked = new AtomicInteger();
    server.createContext(
        "/latest.dat",
        exchange -> {
          try (exchange) {
            exchange.sendResponseHeaders(asked.incrementAndGet() == 1 ? 404 : 200, 0);
          }
        });
    serve("/a", 200, "abc");

    PublicDownloads.Visit visit = PublicDownloads.visit(address);
    visit.checkIsOf(site("abc", Map.of("a", ABC)));

    assertThat(asked).hasValue(1);
    assertThatThrownBy(() -> visit.checkIsOf(site("abc", Map.of())))
        .isInstanceOfSatisfying(
            UsageException.class, e -> assertThat(e.why()).isEqualTo("latest.dat is not there"));
  }

  @Test
  void visitorsWhoGetSomethingElseAreElsewhere() {
    serve("/latest.dat", 200, "of another site");
    serve("/empty/", 404, "");
    PublicDownloads.Visit visit = PublicDownloads.visit(address);

    assertThatThrownBy(() -> visit.checkIsOf(site("abc", Map.of("a", ABC))))
        .isInstanceOfSatisfying(
            UsageException.class,
            e -> assertThat(e.why()).isEqualTo("latest.dat is another one there\na is not there"));
    assertThatThrownBy(
            () -> PublicDownloads.visit(address.resolve("empty/")).checkIsOf(site("abc", Map.of())))
        .isInstanceOf(UsageException.class);
    assertThatThrownBy(() -> visit.checkIsOf(site(null, Map.of("b.exe", ABC))))
        .isInstanceOf(UsageException.class);
  }

  @Test
  void whatAPersonShouldKnowIsInThePlan() {
    PublishPlan plan =
        new PublishPlan(
            List.of(), Optional.empty(), List.of(), false, Optional.empty(), List.of("look"));

    PublishReport report =
        PublishReport.planned(MercurialVersion.of("7.2"), plan, "", "site:/", List.of());

    assertThat(report.plan()).contains("warning: look");
    assertThat(report.warnings()).containsExactly("look");
  }

  /** A server that has something else at its first looks. */
  private AtomicInteger serveLate(String path, int status, String before) {
    AtomicInteger looks = new AtomicInteger();
    server.createContext(
        path,
        exchange -> {
          try (exchange) {
            boolean late = looks.incrementAndGet() < 3;
            exchange.sendResponseHeaders(late ? status : 200, 0);
            exchange.getResponseBody().write((late ? before : "abc").getBytes(UTF_8));
          }
        });
    return looks;
  }

  private static PublishPlan offering(PublishPlan plan) {
    return new PublishPlan(
        plan.items(),
        plan.latest(),
        plan.leftovers(),
        plan.locked(),
        Optional.of(LatestDat.of("abc".getBytes(UTF_8))),
        plan.warnings());
  }

  @Test
  void aCacheThatIsLateIsWaitedForWhichIsTold() throws Exception {
    AtomicInteger latest = serveLate("/latest.dat", 200, "of before");
    AtomicInteger absent = serveLate("/a", 404, "");
    AtomicInteger unwell = serveLate("/b", 502, "");
    PublishPlan plan = offering(plan(Presence.LEFT_OUT, Presence.ABSENT, "a", "b"));

    PublishReport report =
        report(plan, downloads.check(plan, Optional.empty(), Optional.of(address)));

    assertThat(List.of(latest.get(), absent.get(), unwell.get())).containsExactly(3, 3, 3);
    assertThat(report.exitCode()).isZero();
    assertThat(report.compared()).isEqualTo(3);
    assertThat(now).hasValue(Instant.EPOCH.plusSeconds(10));
    assertThat(spoken.err()).contains("looking again until visitors get ", "5 minutes at most");
  }

  @Test
  void aCacheIsNotWaitedForForEver() throws Exception {
    serve("/latest.dat", 200, "of before");
    PublishPlan plan = offering(plan(Presence.LEFT_OUT, Presence.SAME));

    PublishReport report =
        report(plan, downloads.check(plan, Optional.empty(), Optional.of(address)));

    assertThat(report.wrong())
        .as("on a run that replaces nothing, too")
        .singleElement()
        .asString()
        .startsWith(address + "latest.dat has SHA-256 ");
    assertThat(now.get()).isBetween(Instant.EPOCH.plusSeconds(240), Instant.EPOCH.plusSeconds(300));
  }

  @Test
  void anotherFileThanOneThatIsNeverReplacedIsNotWaitedFor() throws Exception {
    AtomicInteger looks = serveLate("/a", 200, "abd");
    PublishPlan plan = plan(Presence.LEFT_OUT, Presence.ABSENT, "a");

    PublishReport report =
        report(plan, downloads.check(plan, Optional.empty(), Optional.of(address)));

    assertThat(looks).hasValue(1);
    assertThat(report.exitCode()).isEqualTo(1);
  }
}
