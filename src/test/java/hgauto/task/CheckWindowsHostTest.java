package hgauto.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.gson.Gson;
import hgauto.error.EnvironmentException;
import hgauto.host.HostPoint;
import hgauto.testbed.Sleepless;
import hgauto.testbed.aws.CommandOutcome;
import hgauto.testbed.aws.FakeAccount;
import hgauto.testbed.aws.SentCommand;
import hgauto.windows.WindowsHostPoint;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the script finds is played. */
class CheckWindowsHostTest {
  private final FakeAccount aws = new FakeAccount();
  private final Sleepless time = new Sleepless();
  private final Spoken spoken = new Spoken();
  private String id;

  @BeforeEach
  void putInstance() {
    aws.setClock(time);
    id = aws.contents().putInstance(instance -> instance.platform("windows"));
    aws.commands().putOnline(id);
  }

  /** The script finds all but these. */
  private void findAllBut(WindowsHostPoint... missing) {
    Set<WindowsHostPoint> wrong = Set.of(missing);
    String lines =
        Arrays.stream(WindowsHostPoint.values())
            .filter(point -> point != WindowsHostPoint.AGENT)
            .map(point -> point.id() + "\t" + (wrong.contains(point) ? "no" : "ok") + "\tas it is")
            .collect(Collectors.joining("\r\n"));
    aws.commands().answer(sent -> CommandOutcome.exit(0, lines, ""));
  }

  private int check(boolean json) throws InterruptedException {
    return new CheckWindowsHost(spoken.console(json), aws.account(), time.poll()).run(id);
  }

  @Test
  void oneWithAllThatIsRequiredIsGood() throws Exception {
    findAllBut(WindowsHostPoint.SPACE);
    assertThat(check(false)).isZero();
    assertThat(spoken.out().lines())
        .anyMatch(line -> line.matches("agent +ok +online, version .*Windows Server 2022.*"))
        .anyMatch(line -> line.matches("default-shell +ok +as it is"))
        .anyMatch(line -> line.matches("space +optional +as it is"))
        .contains("  space: " + WindowsHostPoint.SPACE.mend())
        .endsWith(id + " can build Mercurial");
    assertThat(aws.commands().sent())
        .singleElement()
        .extracting(SentCommand::comment)
        .isEqualTo("check-host.ps1");
  }

  @ParameterizedTest
  @EnumSource
  void oneThatLacksWhatIsRequiredIsNot(WindowsHostPoint point) throws Exception {
    if (point != WindowsHostPoint.AGENT) { // without it there is no report
      findAllBut(point);
      assertThat(check(false)).isEqualTo(point.isRequired() ? 1 : 0);
      assertThat(spoken.out()).contains("\n  " + point.id() + ": " + point.mend() + "\n");
    }
  }

  @Test
  void asJsonItIsTheSame() throws Exception {
    findAllBut(WindowsHostPoint.HG, WindowsHostPoint.PYTHON);
    assertThat(check(true)).isEqualTo(1);
    HostCheckReport report = new Gson().fromJson(spoken.out(), HostCheckReport.class);
    assertThat(report.host()).isEqualTo(id);
    assertThat(report.usable()).isFalse();
    assertThat(report.points())
        .extracting(HostCheckReport.Point::id)
        .containsExactlyElementsOf(
            Arrays.stream(WindowsHostPoint.values()).map(HostPoint::id).toList());
    assertThat(report.points())
        .filteredOn(point -> !point.holds())
        .extracting(HostCheckReport.Point::mend)
        .containsExactly(WindowsHostPoint.HG.mend(), WindowsHostPoint.PYTHON.mend());
  }

  @Test
  void aScriptThatFailsIsToldWithItsError() {
    aws.commands().answer(sent -> CommandOutcome.exit(1, "", "The property 'x' cannot be found."));
    EnvironmentException failure =
        catchThrowableOfType(EnvironmentException.class, () -> check(false));
    assertThat(failure.what()).isEqualTo("check-host.ps1 failed on " + id + " in us-west-2");
    assertThat(failure.why()).contains("exit code 1", "The property 'x' cannot be found.");
    assertThat(failure.next()).contains("aws ssm get-command-invocation", id);
  }
}
