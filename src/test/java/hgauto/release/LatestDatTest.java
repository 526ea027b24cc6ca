package hgauto.release;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import hgauto.release.ReleaseFile.Kind;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LatestDatTest {
  /** What automation.py of 5.8 writes. */
  private static final String OF_5_8 =
      """
      10\t5.8\t.*Windows.*\thttps://mercurial-scm.org/release/windows/Mercurial-5.8-x86.exe\tMercurial 5.8 Inno Setup installer - x86 Windows (Python 3) - does not require admin rights
      10\t5.8\t.*Windows.*(WOW|x)64.*\thttps://mercurial-scm.org/release/windows/Mercurial-5.8-x64.exe\tMercurial 5.8 Inno Setup installer - x64 Windows (Python 3) - does not require admin rights
      9\t5.8\t.*Windows.*\thttps://mercurial-scm.org/release/windows/Mercurial-5.8-x86-python2.exe\tMercurial 5.8 Inno Setup installer - x86 Windows (Python 2) - does not require admin rights
      9\t5.8\t.*Windows.*(WOW|x)64.*\thttps://mercurial-scm.org/release/windows/Mercurial-5.8-x64-python2.exe\tMercurial 5.8 Inno Setup installer - x64 Windows (Python 2) - does not require admin rights
      10\t5.8\t.*Windows.*\thttps://mercurial-scm.org/release/windows/mercurial-5.8-x86.msi\tMercurial 5.8 MSI installer - x86 Windows (Python 3) - requires admin rights
      10\t5.8\t.*Windows.*(WOW|x)64.*\thttps://mercurial-scm.org/release/windows/mercurial-5.8-x64.msi\tMercurial 5.8 MSI installer - x64 Windows (Python 3) - requires admin rights
      9\t5.8\t.*Windows.*\thttps://mercurial-scm.org/release/windows/mercurial-5.8-x86-python2.msi\tMercurial 5.8 MSI installer - x86 Windows (Python 2) - requires admin rights
      9\t5.8\t.*Windows.*(WOW|x)64.*\thttps://mercurial-scm.org/release/windows/mercurial-5.8-x64-python2.msi\tMercurial 5.8 MSI installer - x64 Windows (Python 2) - requires admin rights
      """;

  private static LatestDat parse(String text) {
    return LatestDat.of(text.getBytes(ISO_8859_1));
  }

  private static String text(LatestDat latest) {
    return new String(latest.bytes(), ISO_8859_1);
  }

  private static List<ReleaseFile> installers(String... names) {
    return Arrays.stream(names)
        .map(name -> new ReleaseFile(Path.of(name), Kind.of(name).orElseThrow(), 1, "0".repeat(64)))
        .toList();
  }

  @Test
  void theFirstOneIsAsAutomationPyWroteIt() {
    List<ReleaseFile> files =
        installers(
            "Mercurial-5.8-x64-python2.exe",
            "Mercurial-5.8-x64.exe",
            "Mercurial-5.8-x86-python2.exe",
            "Mercurial-5.8-x86.exe",
            "mercurial-5.8-x64-python2.msi",
            "mercurial-5.8-x64.msi",
            "mercurial-5.8-x86-python2.msi",
            "mercurial-5.8-x86.msi");
    assertThat(text(LatestDat.of(new byte[0]).with(files))).isEqualTo(OF_5_8);
  }

  @Test
  void installersOfToday() {
    LatestDat next =
        parse(OF_5_8)
            .with(
                installers(
                    "Mercurial-7.2-x64.exe",
                    "Mercurial-7.2-x86.exe",
                    "mercurial-7.2-x64.msi",
                    "mercurial-7.2-x86.msi"));

    assertThat(text(next).lines())
        .as("each in the place of the old one, and those for Python 2 stay")
        .containsExactlyElementsOf(
            OF_5_8
                .lines()
                .map(line -> line.startsWith("10") ? line.replace("5.8", "7.2") : line)
                .toList());
    assertThat(next.versions()).containsExactly("5.8", "7.2");
    assertThat(next.with(installers("mercurial-7.2-x86.msi"))).isEqualTo(next);
  }

  @Test
  void whatIsNotOursIsKeptByteForByte() {
    String others =
        """
        # by hand, in Latin-1: \u00e9\r

        10\t7.0\t.*Windows.*\thttps://example.org/tortoisehg-7.0-x64.msi\tTortoiseHg
        10\t5.8\t.*Mac.*\thttps://mercurial-scm.org/release/windows/Mercurial-5.8.pkg\tfor Mac
        10\t5.8\tfour cells\thttps://mercurial-scm.org/release/windows/Mercurial-5.8-x86.exe
        """;
    String row =
        "10\t7.2\t.*Windows.*\thttps://mercurial-scm.org/release/windows/Mercurial-7.2-x86.exe"
            + "\tMercurial 7.2 Inno Setup installer - x86 Windows (Python 3) - does not require admin rights\n";

    assertThat(text(parse(others))).isEqualTo(others);
    assertThat(text(parse(others).with(installers("Mercurial-7.2-x86.exe"))))
        .isEqualTo(others + row);
    assertThat(text(parse("no line end").with(installers("Mercurial-7.2-x86.exe"))))
        .isEqualTo("no line end\n" + row);
  }

  @Test
  void ofTwoLinesForTheSamePeopleOneIsLeft() {
    String twice = OF_5_8.lines().findFirst().orElseThrow() + "\n";
    assertThat(
            text(
                parse(twice + "x\n" + twice.replace("5.8", "5.7"))
                    .with(installers("Mercurial-5.9-x86.exe"))))
        .isEqualTo(twice.replace("5.8", "5.9") + "x\n");
  }

  @Test
  void theDifferenceIsUnified() {
    LatestDat live = parse(OF_5_8);
    LatestDat next = live.with(installers("mercurial-7.2-x64.msi"));

    List<String> diff = next.diff(live);

    assertThat(diff).startsWith("--- latest.dat", "+++ latest.dat");
    String old = OF_5_8.lines().skip(5).findFirst().orElseThrow();
    assertThat(diff.stream().skip(2).filter(line -> line.matches("[-+].*")))
        .containsExactly("-" + old, "+" + old.replace("5.8", "7.2"));
    assertThat(live.diff(live)).isEmpty();
  }

  @Test
  void whichFilesOfAFolderItOffers() {
    String elsewhere = "1\t1\t.*\thttps://example.org/release/windows/other.exe\tother\n";
    assertThat(parse(OF_5_8 + elsewhere).fileNames())
        .hasSize(8)
        .contains("Mercurial-5.8-x86.exe", "mercurial-5.8-x64-python2.msi");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://www.mercurial-scm.org/release/windows/",
        "http://mercurial-scm.org/release/windows/",
        "HTTPS://Mercurial-SCM.org/release/windows/",
        "HTTPS://mercurial-scm.org:443/release/windows/",
        "http://mercurial-scm.org:80/release/windows/",
        "https://mercurial-scm.org/release//linux/../windows/./"
      })
  void theFolderIsOursHoweverItIsPut(String folder) {
    LatestDat live = parse(OF_5_8.replace("https://mercurial-scm.org/release/windows/", folder));

    assertThat(live.fileNames()).isEqualTo(parse(OF_5_8).fileNames());
    assertThat(live.versions()).containsExactly("5.8");
    assertThat(live.with(installers("Mercurial-7.2-x86.exe")).bytes())
        .asString(ISO_8859_1)
        .startsWith("10\t7.2\t.*Windows.*\t" + Site.PUBLIC + "Mercurial-7.2-x86.exe\t");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10\t7.1\t.*\thttps://mirror.example/release/windows/Mercurial-7.1-x86.exe\tours",
        "10\t7.1\t.*\thttps://mercurial-scm.org:8443/release/windows/Mercurial-7.1-x86.exe\tours",
        "10\t7.1\t.*\thttp://mercurial-scm.org:443/release/windows/Mercurial-7.1-x86.exe\tours",
        "10\t7.1\t.*\thttps://mercurial-scm.org/old/Mercurial-7.1-x86.exe\tours",
        "#10\t7.1\t.*\thttps://mercurial-scm.org/release/windows/Mercurial-7.1-x86.exe\tours",
        "10\t7.1\t.*\tC:\\a b\\Mercurial-7.1-x86.exe\tours"
      })
  void whatIsOfAMirrorOrACommentIsSomebodyElses(String line) {
    LatestDat live = parse(line + "\n");

    assertThat(live.versions()).isEmpty();
    assertThat(live.fileNames()).isEmpty();
    assertThat(text(live.with(installers("Mercurial-7.2-x86.exe")))).startsWith(line + "\n10\t7.2");
  }

  @Test
  void aSixthCellDoesNotKeepARowFromBeingReplaced() {
    String row = OF_5_8.lines().findFirst().orElseThrow();

    assertThat(text(parse(row + "\t\n").with(installers("Mercurial-7.2-x86.exe"))))
        .isEqualTo(row.replace("5.8", "7.2") + "\n");
  }

  @Test
  void aLineOfOursThatCannotBeReadIsNamed() {
    String four = "10\t5.8\t.*\thttps://mercurial-scm.org/release/windows/Mercurial-5.8-x86.exe";

    assertThat(parse(OF_5_8).broken()).isEmpty();
    assertThat(parse("#" + four + "\n" + OF_5_8 + four + "\n").broken()).containsExactly(four);
  }

  @Test
  void newRowsEndAsTheOthersAndTheMarkStays() {
    String bom = "\u00ef\u00bb\u00bf";
    String windows = bom + OF_5_8.replace("\n", "\r\n");

    LatestDat next = parse(windows).with(installers("Mercurial-7.2-x86.exe"));

    assertThat(text(parse(windows))).isEqualTo(windows);
    assertThat(text(next))
        .isEqualTo(
            windows.replace(
                OF_5_8.lines().findFirst().orElseThrow(),
                OF_5_8.lines().findFirst().orElseThrow().replace("5.8", "7.2")));
    assertThat(text(parse("a\r\nb").with(installers("Mercurial-7.2-x86.exe"))))
        .startsWith("a\r\nb\r\n10\t7.2")
        .endsWith("rights\r\n");
  }

  @Test
  void aDifferenceOfLineEndsAloneIsShown() {
    assertThat(parse("a\r\nb\n").diff(parse("a\nb")))
        .contains("-a", "+a^M", "-b (no line end)", "+b");
    assertThat(parse("a\r\nc\r\n").diff(parse("a\r\nb\r\n"))).contains(" a", "-b", "+c");
  }
}
