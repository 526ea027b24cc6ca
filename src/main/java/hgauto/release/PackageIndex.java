package hgauto.release;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import hgauto.error.EnvironmentException;
import hgauto.error.UsageException;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;

/**
 * An index of Python packages, as anybody reads it: the "simple repository API", in JSON (PEP 691)
 * where the index has it, else in HTML (PEP 503).
 */
public final class PackageIndex {
  /** Where twine uploads to when it is told nothing else. */
  public static final URI PYPI = URI.create("https://upload.pypi.org/legacy/");

  static final URI TEST_PYPI = URI.create("https://test.pypi.org/legacy/");

  private static final String JSON = "application/vnd.pypi.simple.v1+json";
  private static final String ACCEPT =
      JSON + ", application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1";

  private static final Pattern SHA256 = Pattern.compile("sha256=([0-9a-fA-F]{64})");

  private final URI project;
  private final Duration silence;

  private PackageIndex(URI project, Duration silence) {
    this.project = project;
    this.silence = silence;
  }

  /**
   * The index that takes uploads at an address.
   *
   * @throws UsageException if that is no address of a server, or has a password in it
   */
  public static PackageIndex of(URI upload) {
    return of(upload, PublicFile.SILENCE);
  }

  /**
   * @param silence how long it may say nothing
   */
  static PackageIndex of(URI upload, Duration silence) {
    checkAddress(upload);
    return new PackageIndex(simple(upload).resolve("mercurial/"), silence);
  }

  private static void checkAddress(URI upload) {
    if (!PublicFile.isOfServer(upload)) {
      throw new UsageException(
          PublicFile.shown(upload.toString()) + " is not the address of a package index",
          "it does not begin with https:// or http:// and a host",
          "Name the address that twine would upload to, such as " + PYPI + ".");
    }
    if (upload.getRawUserInfo() != null) {
      throw new UsageException(
          "the address of the package index at " + upload.getHost() + " has a user in it",
          "what is on a command line is seen by others, and is in the log",
          "Leave it out, and set TWINE_USERNAME and TWINE_PASSWORD, or use ~/.pypirc.");
    }
  }

  /** Where it is read; PyPI has another host for that. */
  private static URI simple(URI upload) {
    if (same(upload.toString(), PYPI.toString())) {
      return URI.create("https://pypi.org/simple/");
    }
    if (same(upload.toString(), TEST_PYPI.toString())) {
      return URI.create("https://test.pypi.org/simple/");
    }
    return URI.create(withSlash(upload.toString())).resolve("simple/");
  }

  /** Whether two addresses are of the same index. */
  static boolean same(String one, String other) {
    return withSlash(one).equals(withSlash(other));
  }

  private static String withSlash(String address) {
    return address.endsWith("/") ? address : address + "/";
  }

  /** The page with all files of Mercurial. */
  public URI page() {
    return project;
  }

  /**
   * A file that the index has.
   *
   * @param url where it is downloaded from
   * @param sha256 64 hexadecimal digits, lower case
   */
  public record Indexed(URI url, String sha256) {}

  /**
   * Those of some files that it has, by name. A hash that it does not tell is that of the file,
   * which is downloaded for it.
   *
   * @throws EnvironmentException if it does not answer, or not as indexes do
   */
  public Map<String, Indexed> find(Set<String> names) {
    return findOnPage(names).orElse(Map.of());
  }

  /** The same; empty if the index has no page of Mercurial. */
  public Optional<Map<String, Indexed>> findOnPage(Set<String> names) {
    Map<String, Indexed> found = new TreeMap<>();
    Optional<Map<String, Indexed>> listed =
        PublicFile.get(project, ACCEPT, silence, answer -> listed(answer, names));
    listed
        .orElse(Map.of())
        .forEach((name, file) -> found.put(name, file.sha256().isEmpty() ? hashed(file) : file));
    return listed.map(page -> found);
  }

  private Indexed hashed(Indexed file) {
    return new Indexed(
        file.url(),
        PublicFile.get(file.url(), "*/*", silence, answer -> Sha256.of(answer.content()))
            .orElseThrow(
                () ->
                    new EnvironmentException(
                        "cannot read " + file.url(),
                        project + " has it, but it is not there",
                        "Look what is wrong with the index, and try again.")));
  }

  /** Those of some files that are there, with an empty hash where the index tells none. */
  private static Map<String, Indexed> listed(PublicFile.Answer answer, Set<String> names)
      throws IOException {
    return answer.type().startsWith(JSON) ? fromJson(answer, names) : fromHtml(answer, names);
  }

  private record Page(List<Entry> files) {}

  private record Entry(String filename, String url, Map<String, String> hashes) {}

  private static Map<String, Indexed> fromJson(PublicFile.Answer answer, Set<String> names)
      throws IOException {
    String text = new String(answer.content().readAllBytes(), UTF_8);
    Map<String, Indexed> files = new HashMap<>();
    try {
      Page page = new Gson().fromJson(text, Page.class);
      if (page == null || page.files() == null) {
        throw new IOException("the answer has no files in it");
      }
      for (Entry entry : page.files()) {
        if (entry == null || entry.filename() == null || entry.url() == null) {
          throw new IOException("a file in the answer has no name or no address");
        }
        if (names.contains(entry.filename())) {
          String sha256 = entry.hashes() == null ? null : entry.hashes().get("sha256");
          files.put(
              entry.filename(),
              new Indexed(
                  address(answer, entry.filename(), entry.url()),
                  Objects.requireNonNullElse(sha256, "").toLowerCase(Locale.ROOT)));
        }
      }
    } catch (JsonParseException e) {
      throw new IOException("the answer is not JSON", e);
    }
    return files;
  }

  private static Map<String, Indexed> fromHtml(PublicFile.Answer answer, Set<String> names)
      throws IOException {
    Map<String, Indexed> files = new HashMap<>();
    for (Element link :
        Jsoup.parse(answer.content(), null, answer.url().toString()).select("a[href]")) {
      String name = link.text().strip();
      if (names.contains(name)) { // what is wrong with the others' addresses is not our business
        String absolute = link.absUrl("href");
        URI url = address(answer, name, absolute.isEmpty() ? link.attr("href") : absolute);
        Matcher sha256 = SHA256.matcher(String.valueOf(url.getFragment()));
        files.put(
            name,
            new Indexed(url, sha256.matches() ? sha256.group(1).toLowerCase(Locale.ROOT) : ""));
      }
    }
    return files;
  }

  private static URI address(PublicFile.Answer answer, String name, String url) throws IOException {
    try {
      URI whole = answer.url().resolve(url);
      if (PublicFile.isOfServer(whole)) {
        return whole;
      }
    } catch (IllegalArgumentException e) {
      throw noAddress(name, url, e);
    }
    throw noAddress(name, url, null);
  }

  private static IOException noAddress(String name, String url, Exception cause) {
    return new IOException(
        "it has " + name + " at " + PublicFile.shown(url) + ", which is no address", cause);
  }
}
