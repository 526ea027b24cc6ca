package hgauto.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hgauto.error.UsageException;
import hgauto.testbed.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TestFlagsTest {
  private static List<String> words(String line) {
    return line.isEmpty() ? List.of() : Arrays.asList(line.split(" "));
  }

  @ParameterizedTest
  @CsvSource({
    "--outputdir=x, --outputdir",
    "--outputdir x, --outputdir",
    "--out=x, --outputdir",
    "--xunit x, --xunit",
    "--json, --json",
    "--js, --json",
    "-i, --interactive",
    "-vi, --interactive",
    "--view=less, --view",
    "-r, --retest",
    "-vR, --restart",
    "--list-tests, --list-tests",
    "-j4 --li test-add.t, --list-tests"
  })
  void whatCannotWorkElsewhereIsRefused(String line, String flag) {
    assertThatThrownBy(() -> TestFlags.of(words(line)))
        .isInstanceOf(UsageException.class)
        .hasMessage("run-tests.py cannot be given " + flag);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "test-add.t",
        "-j4 --time --jobs=4",
        "-k interactive",
        "-kir",
        "--debug -f --loop --jobs 4",
        "-t 10 -p 20059",
        "--ipv6",
        "--local",
        "-- --json"
      })
  void allElseIsLeftAsItIs(String line) throws IOException {
    TestFlags flags = TestFlags.of(words(line));
    flags.refuseUnknown(mercurials());
    assertThat(flags.given()).isEqualTo(words(line));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--bogus", "test-add.t --timer=1", "-j4 -zf"})
  void whatRunTestsPyDoesNotHaveIsRefused(String line) throws IOException {
    String script = mercurials();
    assertThatThrownBy(() -> TestFlags.of(words(line)).refuseUnknown(script))
        .isInstanceOf(UsageException.class)
        .hasMessageMatching("run-tests.py of that changeset has no flag (--bogus|--timer|-zf)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--bogus", "-z"})
  void ofAScriptThatIsNotUnderstoodNothingIsRefused(String line) {
    assertThatCode(() -> TestFlags.of(words(line)).refuseUnknown("flags = sys.argv[1:]"))
        .doesNotThrowAnyException();
  }

  private static String mercurials() throws IOException {
    return Files.readString(
        Path.of(Requires.env("HGAUTO_MERCURIAL_SOURCE"), "tests", "run-tests.py"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-j4|local",
        "--pure|local PURE=--pure",
        "--rust|local HGWITHRUSTEXT=cpython",
        "-l|local",
        "--with-hg=/usr/bin/hg|''",
        "--hg-wheel x|''",
        "--chg|''",
        "--rhg|''",
        "-c|''",
        "-vH|''"
      })
  void buildsWhatTheTestsUse(String line, String make) {
    assertThat(TestFlags.of(words(line)).makeArguments()).isEqualTo(words(make));
  }

  @ParameterizedTest
  @CsvSource({
    "--shard-total=2, true",
    "--shard-index 1, true",
    "--shard-t 1, true",
    "--shell=sh, false",
    "test-shard.t, false"
  })
  void knowsWhetherTheyDivideTheTests(String line, boolean divide) {
    assertThat(TestFlags.of(words(line)).divide()).isEqualTo(divide);
  }
}
