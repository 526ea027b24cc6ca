package hgauto;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import hgauto.aws.image.ImageSeries;
import hgauto.aws.image.WindowsBase;
import hgauto.hg.Checkout;
import hgauto.hg.Hg;
import hgauto.release.Manifest;
import hgauto.testbed.HgRepository;
import hgauto.testbed.HgautoProgram;
import hgauto.testbed.HgautoProgram.Result;
import hgauto.testbed.Requires;
import hgauto.testbed.aws.AwsProxy;
import hgauto.testbed.windows.PackageFault;
import hgauto.testbed.windows.Play;
import hgauto.windows.WindowsDependencies;
import hgauto.windows.WindowsFingerprints;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What programs print in Windows' encodings is text in UTF-8 here. */
@Timeout(600)
class WindowsEncodingsIT {
  private static final Charset CODE_PAGE = Charset.forName("windows-1252");
  private static final String WHEEL = "mercurial-7.2-cp314-cp314-win_amd64.whl";

  private final AwsProxy aws = new AwsProxy();
  @TempDir private Path temp;
  private HgautoProgram hgauto;
  private HgRepository source;

  @BeforeEach
  void setUp() throws IOException {
    aws.withMachines(temp.resolve("machines"));
    hgauto = new HgautoProgram(Files.createDirectory(temp.resolve("hgauto")));
    aws.environment().forEach(hgauto::with);
    source = HgRepository.create(Files.createDirectory(temp.resolve("source")));
    source
        .write("mercurial/commands.py", "")
        .write("pyproject.toml", "")
        .write("contrib/install-windows-dependencies.ps1", "'it'\n")
        .commit("a release");
  }

  @AfterEach
  void close() {
    aws.close();
  }

  private void addImage() {
    ImageSeries base = WindowsBase.WINDOWS_2022.series();
    Checkout checkout =
        Checkout.find(source.root(), new Hg(Requires.program("hg").toString()).withoutUserConfig());
    aws.addReadyWindowsImage(
        WindowsBase.OUR_NAME + "-0a1b2c3d",
        WindowsFingerprints.of(base, WindowsDependencies.of(checkout, checkout.resolve("."))));
  }

  private Result run(String... line) throws Exception {
    String[] all = Arrays.copyOf(line, line.length + 2);
    all[line.length] = "--ssh-from";
    all[line.length + 1] = "127.0.0.0/8";
    return hgauto.run(source.root(), all);
  }

  private static byte[] inAllEncodings() throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.write("utf-8: \u201ena\u00efve\u201d \u20ac\r\n".getBytes(UTF_8));
    all.write("\ufeffmarked: \u201ena\u00efve\u201d \u20ac\r\n".getBytes(UTF_16LE));
    all.write("unmarked: \u201ena\u00efve\u201d \u20ac\r\n".getBytes(UTF_16LE));
    all.write("old: \u201ena\u00efve\u201d \u20ac\r\n".getBytes(CODE_PAGE));
    return all.toByteArray();
  }

  private static void assertAllAreRight(String text) {
    assertThat(text)
        .contains(
            Stream.of("utf-8", "marked", "unmarked", "old")
                .map(name -> name + ": \u201ena\u00efve\u201d \u20ac")
                .toList())
        .doesNotContain("\ufffd", "\ufeff", "\0");
  }

  /** In pieces of an odd size, so that characters are cut, each of which can be seen by itself. */
  private static Play printInPiecesAndFail(byte[] output) {
    return run -> {
      for (int at = 0; at < output.length; at += 13) {
        run.write(Arrays.copyOfRange(output, at, Math.min(at + 13, output.length)));
        run.pause(Duration.ofMillis(150));
      }
      return 1;
    };
  }

  @ParameterizedTest
  @EnumSource(names = {"PRINTS_UTF_16", "PRINTS_CP_1252"})
  void theLogOfAPackageIsInUtf8(PackageFault encoding) throws Exception {
    addImage();
    aws.windows().breakBuild(WHEEL, encoding);
    Result result = run("build-windows-wheel", "--version", "7.2");
    assertThat(result.exitCode()).as(result.err()).isZero();
    Manifest manifest = Manifest.read(source.root().resolve("dist/hgauto-7.2.json")).orElseThrow();
    assertThat(Path.of(manifest.artifacts().get(0).log()))
        .content(UTF_8)
        .contains("building " + WHEEL, " \u2013 \u201c", "\u201d\r\n", "built " + WHEEL)
        .doesNotContain("\ufffd", "\0");
  }

  @Test
  void soIsWhatIsShownOfABuildThatFailed() throws Exception {
    addImage();
    aws.windows().play("build-wheel.ps1", printInPiecesAndFail(inAllEncodings()));
    Result result = run("build-windows-wheel", "--version", "7.2");
    assertThat(result.exitCode()).as(result.err()).isEqualTo(1);
    assertAllAreRight(result.out());
  }

  @Test
  void andWhatIsShownWhileAnImageIsMade() throws Exception {
    aws.windows().play("bootstrap-windows.ps1", printInPiecesAndFail(inAllEncodings()));
    Result result = run("bootstrap-windows-dev");
    assertThat(result.exitCode()).as(result.err()).isEqualTo(1);
    assertAllAreRight(result.err());
    Matcher log = Pattern.compile("(?m)^the log is (.*)$").matcher(result.err());
    assertThat(log.find()).isTrue();
    assertAllAreRight(Files.readString(Path.of(log.group(1))));
  }
}
