package hgauto.task;

import hgauto.aws.Parallel;
import hgauto.console.Console;
import hgauto.error.EnvironmentException;
import hgauto.error.UsageException;
import hgauto.poll.Poll;
import hgauto.release.PackageIndex;
import hgauto.release.PackageIndex.Indexed;
import hgauto.release.PublicFile;
import hgauto.release.PublishPlan;
import hgauto.release.PublishPlan.Item;
import hgauto.release.PublishPlan.Presence;
import hgauto.release.Site;
import hgauto.release.SiteFile;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/** Downloads what was published, as the public does, and compares it. */
final class PublicDownloads {
  private static final Duration EVERY = Duration.ofSeconds(5);

  /** An index shows a file some time after it has taken it. */
  private static final Duration SHOWN_WITHIN = Duration.ofMinutes(5);

  private final Console console;
  private final Poll poll;

  PublicDownloads(Console console, Poll poll) {
    this.console = console;
    this.poll = poll;
  }

  /**
   * What the public gets.
   *
   * @param onIndex where each wheel is downloaded from, by name
   * @param onSite the same of the files on the site
   * @param same what was downloaded, and is as it was published
   * @param wrong what is not as it was published, a line each
   * @param unchecked what could not be downloaded, and why, a line each
   */
  record Found(
      Map<String, URI> onIndex,
      Map<String, URI> onSite,
      List<URI> same,
      List<String> wrong,
      List<String> unchecked) {}

  /**
   * Looks whether visitors find the site's folder, before anything is published.
   *
   * @param visitors the URL of the site's folder
   * @throws UsageException if that is no address of one
   * @throws EnvironmentException if there is no answer to whether it has a {@code latest.dat}
   */
  static void checkReachable(URI visitors) {
    PublicFile.checkFolder(visitors);
    Optional<String> unused = PublicFile.sha256(below(visitors, Site.LATEST));
  }

  /**
   * Downloads all of it. What cannot be is told, too: it is public all the same.
   *
   * @param index is asked for the wheels that go there
   * @param visitors the URL of the site's folder; empty if it is not to be looked at
   */
  Found check(PublishPlan plan, Optional<PackageIndex> index, Optional<URI> visitors)
      throws InterruptedException {
    Found found =
        new Found(
            new TreeMap<>(),
            new TreeMap<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>());
    if (index.isPresent()) {
      checkIndex(plan, index.get(), found);
    }
    if (visitors.isPresent()) {
      checkSite(plan, visitors.get(), found);
    }
    return found;
  }

  private void checkIndex(PublishPlan plan, PackageIndex index, Found found)
      throws InterruptedException {
    List<SiteFile> wheels =
        plan.items().stream()
            .filter(item -> item.onIndex() != Presence.LEFT_OUT)
            .map(Item::file)
            .toList();
    if (wheels.isEmpty()) {
      return;
    }
    Set<String> names = wheels.stream().map(SiteFile::name).collect(Collectors.toSet());
    Map<String, Indexed> shown = shown(index, names, found);
    console.info("downloading from " + index.page() + " to compare");
    Map<URI, String> published = new LinkedHashMap<>();
    for (SiteFile wheel : wheels) {
      if (shown.containsKey(wheel.name())) {
        URI url = withoutFragment(shown.get(wheel.name()).url());
        found.onIndex().put(wheel.name(), url);
        published.put(url, wheel.sha256());
      }
    }
    compare(published, found);
  }

  /** Those that the index comes to show. */
  private Map<String, Indexed> shown(PackageIndex index, Set<String> names, Found found)
      throws InterruptedException {
    Map<String, Indexed> shown = new TreeMap<>();
    console.info(
        "looking until "
            + index.page()
            + " shows the wheels, "
            + SHOWN_WITHIN.toMinutes()
            + " minutes at most");
    try {
      poll.until(
          index.page() + " to show the wheels",
          EVERY,
          SHOWN_WITHIN,
          saw -> {
            try {
              shown.putAll(index.find(names));
            } catch (EnvironmentException e) {
              saw.accept(e.what() + ": " + e.why());
            }
            return Optional.of(shown).filter(it -> it.keySet().equals(names));
          });
    } catch (EnvironmentException e) {
      Set<String> missing = new TreeSet<>(names);
      missing.removeAll(shown.keySet());
      found.unchecked().add(String.join(", ", missing) + ": " + e.what() + ", " + e.why());
    }
    return shown;
  }

  /** The index's has the hash in it, which is no part of where the file is. */
  private static URI withoutFragment(URI url) {
    return URI.create(url.toString().replaceFirst("#.*", ""));
  }

  private void checkSite(PublishPlan plan, URI folder, Found found) throws InterruptedException {
    console.info("downloading from " + folder + " to compare");
    Map<URI, String> published = new LinkedHashMap<>();
    for (Item item : plan.items()) {
      if (item.onSite() != Presence.LEFT_OUT) {
        URI url = below(folder, item.file().name());
        found.onSite().put(item.file().name(), url);
        published.put(url, item.file().sha256());
      }
    }
    plan.latest()
        .ifPresent(change -> published.put(below(folder, Site.LATEST), change.next().sha256()));
    compare(published, found);
  }

  private static URI below(URI folder, String name) {
    return URI.create(folder + (folder.toString().endsWith("/") ? "" : "/") + name);
  }

  /** What came of a download. */
  @FunctionalInterface
  private interface Comparison {
    boolean addTo(Found found);
  }

  /**
   * Downloads them, several at a time.
   *
   * @param published the SHA-256 of each, by where it is
   */
  private static void compare(Map<URI, String> published, Found found) throws InterruptedException {
    List<Callable<Comparison>> downloads = new ArrayList<>();
    published.forEach((url, sha256) -> downloads.add(() -> compare(url, sha256)));
    Parallel.all(downloads).forEach(comparison -> comparison.addTo(found));
  }

  private static Comparison compare(URI url, String published) {
    Optional<String> got;
    try {
      got = PublicFile.sha256(url);
    } catch (EnvironmentException e) {
      return found -> found.unchecked().add(e.what() + ": " + e.why());
    }
    if (got.isEmpty()) {
      return found -> found.wrong().add(url + " is not there");
    }
    return got.get().equals(published)
        ? found -> found.same().add(url)
        : found -> found.wrong().add(url + " has SHA-256 " + got.get() + ", not " + published);
  }
}
