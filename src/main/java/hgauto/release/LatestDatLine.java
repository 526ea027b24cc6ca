package hgauto.release;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A line of {@code latest.dat}. A row has five cells, with tabs between; what else somebody has
 * written after another tab does not keep the site from offering it.
 *
 * @param text without its end, a character a byte
 * @param end what ends it: LF, CR and LF, or nothing
 */
record LatestDatLine(String text, String end) {
  private static final Pattern TAB = Pattern.compile("\t");
  private static final Pattern NUMBER = Pattern.compile("\\d+");
  private static final int CELLS = 5;
  private static final int URL_CELL = 3;

  /**
   * @param line with its end
   */
  static LatestDatLine of(String line) {
    String end = line.endsWith("\r\n") ? "\r\n" : line.endsWith("\n") ? "\n" : "";
    return new LatestDatLine(line.substring(0, line.length() - end.length()), end);
  }

  /** This one, which has an end. */
  LatestDatLine ended(String ifNone) {
    return end.isEmpty() ? new LatestDatLine(text, ifNone) : this;
  }

  /** As the file has it. */
  String whole() {
    return text + end;
  }

  /** For a person. Whoever else writes to the file may write UTF-8. */
  String shown(boolean withEnd) {
    String shown = new String(text.getBytes(ISO_8859_1), UTF_8);
    return !withEnd || end.equals("\n") ? shown : shown + (end.isEmpty() ? " (no line end)" : "^M");
  }

  private boolean isComment() {
    return text.startsWith("#");
  }

  /** Whether it is there for people alone. */
  boolean isRemark() {
    return isComment() || text.isBlank();
  }

  /** Whether it is to offer something, well or not. */
  boolean isRow() {
    return !isComment() && text.contains("\t");
  }

  /** Whether it does offer something. */
  boolean offers() {
    return NUMBER.matcher(text.split("\t", -1)[0].strip()).matches() && url().isPresent();
  }

  private Optional<URI> url() {
    String[] cells = TAB.split(text, -1);
    return isComment() || cells.length < CELLS ? Optional.empty() : url(cells[URL_CELL].strip());
  }

  private static Optional<URI> url(String text) {
    try {
      return Optional.of(URI.create(text)).filter(PublicFile::isOfServer);
    } catch (IllegalArgumentException e) { // somebody else's, in a browser's way
      return Optional.empty();
    }
  }

  /** The name of the file that it offers, if that is in the site's folder, however that is put. */
  Optional<String> fileOnSite() {
    return url()
        .map(URI::normalize)
        .filter(url -> host(url).equals(host(Site.PUBLIC)) && isUsualPort(url))
        .map(URI::getPath)
        .filter(path -> path.startsWith(Site.PUBLIC.getPath()))
        .map(path -> path.substring(Site.PUBLIC.getPath().length()));
  }

  private static String host(URI url) {
    String host = url.getHost().toLowerCase(Locale.ROOT);
    return host.startsWith("www.") ? host.substring("www.".length()) : host;
  }

  private static boolean isUsualPort(URI url) {
    return url.getPort() == -1
        || url.getPort() == (url.getScheme().equalsIgnoreCase("https") ? 443 : 80);
  }

  /** The installer that it offers, if it is one of ours. */
  Optional<InstallerName> installer() {
    return fileOnSite().flatMap(InstallerName::of);
  }

  /** Whether it names one of ours, but is no row that offers it. */
  boolean isBroken() {
    return isRow()
        && installer().isEmpty()
        && TAB.splitAsStream(text)
            .map(cell -> cell.strip())
            .filter(cell -> cell.startsWith(Site.PUBLIC.toString()))
            .anyMatch(
                cell ->
                    InstallerName.of(cell.substring(Site.PUBLIC.toString().length())).isPresent());
  }
}
