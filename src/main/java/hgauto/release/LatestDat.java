package hgauto.release;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import hgauto.release.ReleaseFile.Kind;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * {@code latest.dat}, by which mercurial-scm.org offers a visitor the installer that fits the
 * browser's machine. A line has five cells, with tabs between: priority, version, a regular
 * expression that the browser's "User-Agent" matches, URL, description. Lines of other kinds, and
 * of files that are none of our installers, are kept as they are, byte for byte.
 */
public final class LatestDat {
  private static final Pattern TAB = Pattern.compile("\t");
  private static final Pattern AFTER_LINE_END = Pattern.compile("(?<=\n)");
  private static final int CELLS = 5;
  private static final int URL_CELL = 3;
  private static final int CONTEXT = 3;

  /** As automation.py orders them: exe, then msi; Python 3, then 2; x86, then x64. */
  private static final Comparator<InstallerName> IN_ORDER =
      Comparator.comparing(InstallerName::kind)
          .thenComparing(Comparator.comparing(InstallerName::python).reversed())
          .thenComparing(Comparator.comparing(InstallerName::arch).reversed());

  /** Each with its end, a character a byte. */
  private final List<String> lines;

  private LatestDat(List<String> lines) {
    this.lines = List.copyOf(lines);
  }

  /** Reads a file; an empty one has no lines. */
  public static LatestDat of(byte[] content) {
    return content.length == 0
        ? new LatestDat(List.of())
        : new LatestDat(List.of(AFTER_LINE_END.split(new String(content, ISO_8859_1))));
  }

  /** As the file has it. */
  public byte[] bytes() {
    return String.join("", lines).getBytes(ISO_8859_1);
  }

  /** Whether it offers anything at all; what was read may be another file altogether. */
  boolean isOne() {
    return lines.stream().anyMatch(line -> url(line).isPresent());
  }

  /** The SHA-256 of the file, as 64 hexadecimal digits. */
  public String sha256() {
    return Sha256.of(bytes());
  }

  /** What an installer is offered instead of: the one of another version for the same people. */
  private record Place(Kind kind, String arch, int python) {
    static Place of(InstallerName installer) {
      return new Place(installer.kind(), installer.arch(), installer.python());
    }
  }

  /**
   * This one with those installers in place of those of other versions. A line that is replaced
   * keeps its place, where there were several of the same, the first; what is new comes last.
   *
   * @param base the URL that their names are appended to
   */
  public LatestDat with(List<ReleaseFile> installers, URI base) {
    Map<Place, String> rows = new LinkedHashMap<>();
    installers.stream()
        .map(file -> InstallerName.of(file.name()).orElseThrow())
        .sorted(IN_ORDER)
        .forEach(installer -> rows.put(Place.of(installer), row(installer, base)));
    Set<Place> written = new HashSet<>();
    List<String> next = new ArrayList<>();
    for (String line : lines) {
      Optional<Place> place = installer(line).map(Place::of).filter(rows::containsKey);
      if (place.isEmpty()) {
        next.add(line);
      } else if (written.add(place.get())) {
        next.add(rows.get(place.get()));
      }
    }
    rows.keySet().removeAll(written);
    if (!rows.isEmpty() && !next.isEmpty()) {
      next.add(ended(next.remove(next.size() - 1)));
    }
    next.addAll(rows.values());
    return new LatestDat(next);
  }

  private static String ended(String line) {
    return line.endsWith("\n") ? line : line + "\n";
  }

  /** The words are automation.py's. */
  private static String row(InstallerName installer, URI base) {
    boolean exe = installer.kind() == Kind.EXE;
    return String.join(
            "\t",
            installer.python() == 3 ? "10" : "9",
            installer.version().text(),
            installer.arch().equals("x64") ? ".*Windows.*(WOW|x)64.*" : ".*Windows.*",
            folder(base) + installer.fileName(),
            "Mercurial "
                + installer.version()
                + (exe ? " Inno Setup" : " MSI")
                + " installer - "
                + installer.arch()
                + " Windows (Python "
                + installer.python()
                + ") - "
                + (exe ? "does not require" : "requires")
                + " admin rights")
        + "\n";
  }

  private static String folder(URI base) {
    return base.toString().endsWith("/") ? base.toString() : base + "/";
  }

  /** The installer that a line offers, if it is one of ours. */
  private static Optional<InstallerName> installer(String line) {
    return url(line).flatMap(url -> InstallerName.of(url.substring(url.lastIndexOf('/') + 1)));
  }

  private static Optional<String> url(String line) {
    String[] cells = TAB.split(line, -1);
    return cells.length == CELLS ? Optional.of(cells[URL_CELL].strip()) : Optional.empty();
  }

  /**
   * The names of the files that it offers.
   *
   * @param base the URL of their folder; what lines offer from elsewhere is left out
   */
  public Set<String> fileNames(URI base) {
    Set<String> names = new TreeSet<>();
    String folder = folder(base);
    for (String line : lines) {
      url(line)
          .filter(url -> url.startsWith(folder))
          .map(url -> url.substring(folder.length()))
          .ifPresent(names::add);
    }
    return names;
  }

  /** The versions of our installers that it offers. */
  public Set<String> versions() {
    return lines.stream()
        .flatMap(line -> installer(line).stream())
        .map(installer -> installer.version().text())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * Whether a release is to be offered in place of those: not if it is older than one of them, or
   * is one to be tried where a release is offered.
   */
  public boolean isToOffer(MercurialVersion version) {
    return versions().stream()
        .flatMap(text -> MercurialVersion.ifOne(text).stream())
        .noneMatch(
            offered ->
                version.isBefore(offered) || (version.isPreRelease() && !offered.isPreRelease()));
  }

  /**
   * What would change by putting this one in place of the live one, for a person: a unified diff, a
   * line each, and no line where nothing would.
   */
  public List<String> diff(LatestDat live) {
    List<String> before = live.shown();
    return UnifiedDiffUtils.generateUnifiedDiff(
        "latest.dat", "latest.dat", before, DiffUtils.diff(before, shown()), CONTEXT);
  }

  /** Whoever else writes to it may write UTF-8. */
  private List<String> shown() {
    return new String(bytes(), UTF_8).lines().toList();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LatestDat that && lines.equals(that.lines);
  }

  @Override
  public int hashCode() {
    return lines.hashCode();
  }
}
