package hgauto.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hgauto.error.EnvironmentException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestTimesTest {
  @TempDir private Path folder;

  @Test
  void areReadAndWrittenAsRunTestsPyHasThem() {
    String text = "test-a.t 1.000 2.500\ntest-b.t#case-one#two 0.123\n";
    TestTimes times = TestTimes.parse(text);
    assertThat(times.seconds())
        .isEqualTo(Map.of("test-a.t", List.of(1.0, 2.5), "test-b.t#case-one#two", List.of(0.123)));
    assertThat(times.format()).isEqualTo(text);
  }

  @Test
  void linesThatSayNothingArePassedOver() {
    assertThat(TestTimes.parse("test-a.t 1.0\n\nnonsense\ntest-b.t 1.2.3\ntest-c.t  \n\u0000\n"))
        .isEqualTo(new TestTimes(Map.of("test-a.t", List.of(1.0))));
  }

  @Test
  void whatNoTestCanTakeIsPassedOver() {
    assertThat(TestTimes.parse("test-a.t 99999999999999999999999\ntest-b.t 86400\n").seconds())
        .containsOnlyKeys("test-b.t");
  }

  @Test
  void noMoreThanTenThousandTestsAreRead() {
    StringBuilder text = new StringBuilder();
    for (int test = 0; test < 10_001; test++) {
      text.append("test-").append(test).append(".t 1.0\n");
    }
    assertThat(TestTimes.parse(text.toString()).seconds()).hasSize(10_000);
  }

  @Test
  void theLastFiveAreKept() {
    TestTimes times = TestTimes.NONE;
    for (int run = 1; run <= 7; run++) {
      times = times.plus("test-a.t", run);
    }
    assertThat(times.seconds().get("test-a.t")).containsExactly(3.0, 4.0, 5.0, 6.0, 7.0);
  }

  @Test
  void oneSlowRunDoesNotChangeWhatIsExpected() {
    TestTimes times = new TestTimes(Map.of("test-a.t", List.of(2.0, 360.0, 3.0)));
    assertThat(times.expected("test-a.t")).hasValue(3.0);
    assertThat(times.expected("test-b.t")).isEmpty();
  }

  @Test
  void whatSeveralMachinesFoundOutIsPutTogether() {
    TestTimes before = TestTimes.parse("test-a.t 1.0\ntest-b.t 2.0\n");
    TestTimes one = TestTimes.parse("test-a.t 1.0 1.5\ntest-b.t 2.0\n");
    TestTimes other = TestTimes.parse("test-a.t 1.0\ntest-b.t 2.0 2.5\ntest-c.t 3.0\n");
    assertThat(before.plus(before, one).plus(before, other).format())
        .isEqualTo("test-a.t 1.000 1.500\ntest-b.t 2.000 2.500\ntest-c.t 3.000\n");
  }

  @Test
  void areKeptInAFile() {
    Path file = folder.resolve("debian12-system3");
    assertThat(TestTimes.read(file)).isEqualTo(TestTimes.NONE);
    TestTimes times = TestTimes.parse("test-a.t 1.0\n");
    times.write(file);
    assertThat(file).hasContent("test-a.t 1.000\n");
    assertThat(TestTimes.read(file)).isEqualTo(times);
  }

  @Test
  void aFolderThatCannotBeWrittenToIsSaid() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));
    assertThatThrownBy(() -> TestTimes.NONE.write(file.resolve("debian12-system3")))
        .isInstanceOf(EnvironmentException.class)
        .hasMessageContaining("cannot keep how long the tests took");
  }
}
