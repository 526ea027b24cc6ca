package hgauto.task;

import static java.util.stream.Collectors.joining;

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
import hgauto.release.ReleaseFile.Kind;
import hgauto.release.Site;
import hgauto.release.SiteFile;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Downloads what was published, as the public does, and compares it. */
final class PublicDownloads {
  private static final Duration EVERY = Duration.ofSeconds(5);

  /** An index shows a file some time after it has taken it; before a site there may be a cache. */
  private static final Duration SHOWN_WITHIN = Duration.ofMinutes(5);

  private static final Logger LOG = LoggerFactory.getLogger(PublicDownloads.class);

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
   * What visitors get before anything is published.
   *
   * @param folder the URL of the site's folder
   * @param latest the SHA-256 of {@code latest.dat}; empty if there is none yet
   */
  record Visit(URI folder, Optional<String> latest) {
    /**
     * Makes sure that this is the site's folder: what the site has of {@code latest.dat} is what
     * visitors get, or, where a cache may still have an older one, one of the files that are never
     * replaced.
     *
     * @param site what was found in the folder
     * @throws UsageException if they get something else
     * @throws EnvironmentException if there is no answer to that
     */
    void checkIsOf(Site.State site) {
      Map<String, String> known = new LinkedHashMap<>();
      site.latest().ifPresent(it -> known.put(Site.LATEST, it.sha256()));
      site.hashes().keySet().stream()
          .min(Comparator.comparing(name -> Kind.of(name).isPresent())) // the small one
          .ifPresent(name -> known.put(name, site.hashes().get(name)));
      List<String> others = new ArrayList<>();
      for (Map.Entry<String, String> file : known.entrySet()) {
        Optional<String> got =
            file.getKey().equals(Site.LATEST)
                ? latest
                : PublicFile.sha256(below(folder, file.getKey()));
        if (got.equals(Optional.of(file.getValue()))) {
          return;
        }
        others.add(file.getKey() + (got.isEmpty() ? " is not there" : " is another one there"));
      }
      if (!others.isEmpty()) {
        throw new UsageException(
            "visitors do not get what the site has at " + folder,
            String.join("\n", others),
            "Say in --verify-url where they find the folder of --site-dir, or leave it out. If a cache"
                + " may have an older latest.dat, wait. Nothing is changed.");
      }
    }
  }

  /**
   * Looks whether visitors find the site's folder, before anything is published.
   *
   * @param visitors the URL of the folder
   * @throws UsageException if that is no address of one
   * @throws EnvironmentException if there is no answer to whether it has a {@code latest.dat}
   */
  static Visit visit(URI visitors) {
    PublicFile.checkFolder(visitors);
    return new Visit(visitors, PublicFile.sha256(below(visitors, Site.LATEST)));
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
    downloads(published).forEach(download -> download.addTo(found));
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
    plan.offered().ifPresent(it -> published.put(below(folder, Site.LATEST), it.sha256()));
    awaited(published, folder).forEach(download -> download.addTo(found));
  }

  /** Looks again at what a cache may have from before. */
  private Collection<Download> awaited(Map<URI, String> published, URI folder)
      throws InterruptedException {
    Map<URI, Download> got = new LinkedHashMap<>();
    Map<URI, String> pending = new LinkedHashMap<>(published);
    try {
      poll.until(
          folder + " to show what is published",
          EVERY,
          SHOWN_WITHIN,
          () -> {
            boolean first = got.isEmpty();
            for (Download download : downloads(pending)) {
              got.put(download.url(), download);
              if (!download.mayBeOfBefore()) {
                pending.remove(download.url());
              }
            }
            if (first && !pending.isEmpty()) {
              console.info(
                  "looking again until visitors get "
                      + pending.keySet().stream().map(URI::toString).collect(joining(", "))
                      + " as published, for a cache may be late, "
                      + SHOWN_WITHIN.toMinutes()
                      + " minutes at most");
            }
            return pending.isEmpty() ? Optional.of(got) : Optional.empty();
          });
    } catch (EnvironmentException e) {
      LOG.info("what came last is told", e);
    }
    return got.values();
  }

  private static URI below(URI folder, String name) {
    return URI.create(folder + (folder.toString().endsWith("/") ? "" : "/") + name);
  }

  /** What came of a download. */
  private enum Outcome {
    SAME,
    OTHER,
    ABSENT,
    UNKNOWN
  }

  /**
   * A download that has ended.
   *
   * @param fault in words; empty if there is none
   */
  private record Download(URI url, Outcome outcome, String fault) {
    /** Only latest.dat is ever replaced. */
    boolean mayBeOfBefore() {
      return outcome == Outcome.ABSENT
          || outcome == Outcome.UNKNOWN
          || (outcome == Outcome.OTHER && url.getPath().endsWith("/" + Site.LATEST));
    }

    void addTo(Found found) {
      switch (outcome) {
        case SAME -> found.same().add(url);
        case OTHER, ABSENT -> found.wrong().add(fault);
        case UNKNOWN -> found.unchecked().add(fault);
      }
    }
  }

  /**
   * Downloads them, several at a time.
   *
   * @param published the SHA-256 of each, by where it is
   */
  private static List<Download> downloads(Map<URI, String> published) throws InterruptedException {
    List<Callable<Download>> downloads = new ArrayList<>();
    published.forEach((url, sha256) -> downloads.add(() -> download(url, sha256)));
    return Parallel.all(downloads);
  }

  private static Download download(URI url, String published) {
    Optional<String> got;
    try {
      got = PublicFile.sha256(url);
    } catch (EnvironmentException e) {
      return new Download(url, Outcome.UNKNOWN, e.what() + ": " + e.why());
    }
    if (got.isEmpty()) {
      return new Download(url, Outcome.ABSENT, url + " is not there");
    }
    return got.get().equals(published)
        ? new Download(url, Outcome.SAME, "")
        : new Download(
            url, Outcome.OTHER, url + " has SHA-256 " + got.get() + ", not " + published);
  }
}
