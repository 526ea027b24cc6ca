package hgauto.tryserver;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/**
 * The Try Server's pages, each a whole HTML document that needs no other file. The templates escape
 * what they show; what would be invisible is made visible in the finished page, so that no template
 * can forget it.
 */
public final class Pages {
  private final TemplateEngine templates =
      TemplateEngine.createPrecompiled(
          null, ContentType.Html, Pages.class.getClassLoader(), "hgauto.tryserver.page");
  private final Clock clock;

  /**
   * @param clock tells how long ago things were
   */
  public Pages(Clock clock) {
    this.clock = clock;
  }

  /** The page {@code /}: all runs, the newest first. */
  public String runs(List<Run> newestFirst) {
    return render("runs.jte", Map.of("runs", newestFirst, "now", clock.instant()));
  }

  /** The page {@code /runs/ID}, or the same as a file that outlives the server. */
  public String run(RunPage page) {
    return render("run.jte", Map.of("page", page, "now", clock.instant()));
  }

  /** The page for an address or a run that is not there; to be sent with status 404. */
  public String notFound() {
    return error("Not found", "There is no such page. Runs are removed after a while.");
  }

  /**
   * A page that says why there is nothing to see.
   *
   * @param title the status in words, such as "Not found"
   * @param text one or two sentences
   */
  public String error(String title, String text) {
    return render("error.jte", Map.of("title", title, "text", text));
  }

  /**
   * The value of the header {@code Content-Security-Policy} that is to come with each page: nothing
   * is admitted but the page's own style and script, by their hashes, and fetching the log.
   */
  public static String contentSecurityPolicy() {
    return PageAssets.POLICY + "; frame-ancestors 'none'";
  }

  private String render(String template, Map<String, Object> values) {
    StringOutput page = new StringOutput();
    templates.render(template, values, page);
    return VisibleText.of(page.toString());
  }
}
