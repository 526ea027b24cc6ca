package hgauto.release;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import hgauto.release.ReleaseFile.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * {@code latest.dat}, by which mercurial-scm.org offers a visitor the installer that fits the
 * browser's machine. A line has five cells, with tabs between: priority, version, a regular
 * expression that the browser's "User-Agent" matches, URL, description. Lines of other kinds, and
 * of files that are not our installers in the site's folder, are kept as they are, byte for byte.
 */
public final class LatestDat {
  private static final Pattern AFTER_LINE_END = Pattern.compile("(?<=\n)");

  /** UTF-8's, by which editors on Windows mark a file. */
  private static final String BOM = "\u00ef\u00bb\u00bf";

  private static final int CONTEXT = 3;

  /** As automation.py orders them: exe, then msi; Python 3, then 2; x86, then x64. */
  private static final Comparator<InstallerName> IN_ORDER =
      Comparator.comparing(InstallerName::kind)
          .thenComparing(Comparator.comparing(InstallerName::python).reversed())
          .thenComparing(Comparator.comparing(InstallerName::arch).reversed());

  /** Empty, or {@link #BOM}. */
  private final String mark;

  private final List<LatestDatLine> lines;

  private LatestDat(String mark, List<LatestDatLine> lines) {
    this.mark = mark;
    this.lines = List.copyOf(lines);
  }

  /** Reads a file; an empty one has no lines. */
  public static LatestDat of(byte[] content) {
    String text = new String(content, ISO_8859_1); // a character a byte
    String mark = text.startsWith(BOM) ? BOM : "";
    return new LatestDat(
        mark,
        AFTER_LINE_END
            .splitAsStream(text.substring(mark.length()))
            .filter(line -> !line.isEmpty())
            .map(LatestDatLine::of)
            .toList());
  }

  /** As the file has it. */
  public byte[] bytes() {
    return (mark + lines.stream().map(LatestDatLine::whole).collect(Collectors.joining()))
        .getBytes(ISO_8859_1);
  }

  /**
   * Whether it offers anything, or has nothing but comments, if those; else what was read may be
   * another file altogether.
   */
  boolean isOne() {
    return lines.stream().anyMatch(LatestDatLine::offers)
        || lines.stream().allMatch(LatestDatLine::isRemark);
  }

  /**
   * Whether a line has a CR in it, which perhaps was to end one: what we take for one line, and
   * might replace, may be several.
   */
  boolean hasCrWithinLine() {
    return lines.stream().anyMatch(line -> line.text().indexOf('\r') >= 0);
  }

  /** Its rows that offer nothing, and that another one does not have. */
  List<String> nonsense(LatestDat live) {
    return lines.stream()
        .filter(line -> line.isRow() && !line.offers())
        .filter(line -> live.lines.stream().noneMatch(it -> it.text().equals(line.text())))
        .map(line -> line.shown(false))
        .toList();
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
   */
  public LatestDat with(List<ReleaseFile> installers) {
    Map<Place, List<String>> rows = new LinkedHashMap<>();
    installers.stream()
        .map(file -> InstallerName.of(file.name()).orElseThrow())
        .sorted(IN_ORDER)
        .forEach(installer -> rows.put(Place.of(installer), List.of(row(installer))));
    return with(rows, rows.keySet()::contains);
  }

  /**
   * This one with the rows of our installers, and no others of them, that a saved one has. Where
   * nothing else differs, that is the saved one, byte for byte.
   */
  public LatestDat withInstallersOf(LatestDat saved) {
    if (mark.equals(saved.mark) && others().equals(saved.others())) {
      return saved;
    }
    Map<Place, List<String>> rows = new LinkedHashMap<>();
    for (LatestDatLine line : saved.lines) {
      line.installer()
          .map(Place::of)
          .ifPresent(
              place -> rows.computeIfAbsent(place, it -> new ArrayList<>()).add(line.text()));
    }
    return with(rows, place -> true);
  }

  /** What offers none of our installers. The last may have got its end only by what was added. */
  private List<LatestDatLine> others() {
    return lines.stream()
        .filter(line -> line.installer().isEmpty())
        .map(line -> line.ended(lineEnd()))
        .toList();
  }

  /** This one with those rows in place of the ones that are replaced. */
  private LatestDat with(Map<Place, List<String>> rows, Predicate<Place> replaced) {
    Map<Place, List<String>> rest = new LinkedHashMap<>(rows);
    List<LatestDatLine> next = new ArrayList<>();
    for (LatestDatLine line : lines) {
      Optional<Place> place = line.installer().map(Place::of).filter(replaced);
      if (place.isEmpty()) {
        next.add(line);
      } else {
        String end = line.ended(lineEnd()).end();
        Optional.ofNullable(rest.remove(place.get()))
            .orElse(List.of())
            .forEach(row -> next.add(new LatestDatLine(row, end)));
      }
    }
    if (!rest.isEmpty() && !next.isEmpty()) {
      next.add(next.remove(next.size() - 1).ended(lineEnd()));
    }
    rest.values().stream()
        .flatMap(List::stream)
        .forEach(row -> next.add(new LatestDatLine(row, lineEnd())));
    return new LatestDat(mark, next);
  }

  /** What a new line ends with. */
  private String lineEnd() {
    return lines.stream()
        .map(LatestDatLine::end)
        .filter(end -> !end.isEmpty())
        .reduce((before, last) -> last)
        .orElse("\n");
  }

  /** The words are automation.py's. */
  private static String row(InstallerName installer) {
    boolean exe = installer.kind() == Kind.EXE;
    return String.join(
        "\t",
        installer.python() == 3 ? "10" : "9",
        installer.version().text(),
        installer.arch().equals("x64") ? ".*Windows.*(WOW|x)64.*" : ".*Windows.*",
        Site.PUBLIC + installer.fileName(),
        "Mercurial "
            + installer.version()
            + (exe ? " Inno Setup" : " MSI")
            + " installer - "
            + installer.arch()
            + " Windows (Python "
            + installer.python()
            + ") - "
            + (exe ? "does not require" : "requires")
            + " admin rights");
  }

  /** The names of the files in the site's folder that it offers. */
  public Set<String> fileNames() {
    return fileNames(lines.stream());
  }

  /** Those of them that are none of our installers. */
  Set<String> otherFileNames() {
    return fileNames(others().stream());
  }

  private static Set<String> fileNames(Stream<LatestDatLine> lines) {
    return lines
        .flatMap(line -> line.fileOnSite().stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The lines that name an installer of ours and do not offer it, as they cannot be read. */
  public List<String> broken() {
    return lines.stream().filter(LatestDatLine::isBroken).map(line -> line.shown(false)).toList();
  }

  /** The versions of our installers that it offers. */
  public Set<String> versions() {
    return lines.stream()
        .flatMap(line -> line.installer().stream())
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
    boolean withEnds =
        Stream.concat(live.lines.stream(), lines.stream())
                .map(LatestDatLine::end)
                .distinct()
                .count()
            > 1;
    List<String> before = live.shown(withEnds);
    return UnifiedDiffUtils.generateUnifiedDiff(
        "latest.dat", "latest.dat", before, DiffUtils.diff(before, shown(withEnds)), CONTEXT);
  }

  private List<String> shown(boolean withEnds) {
    return lines.stream().map(line -> line.shown(withEnds)).toList();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LatestDat that && mark.equals(that.mark) && lines.equals(that.lines);
  }

  @Override
  public int hashCode() {
    return Objects.hash(mark, lines);
  }
}
