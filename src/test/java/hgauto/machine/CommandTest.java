package hgauto.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CommandTest {
  private static final String SCRIPT = "first line\n".repeat(1000);

  @Test
  void aScriptIsCalledByItsName() {
    Command bash = Command.bash("run-tests.sh", SCRIPT, List.of(SCRIPT, "-j4"));
    assertThat(bash).hasToString("run-tests.sh");
    assertThat(bash.guarded("/python")).hasToString("run-tests.sh");
    assertThat(Command.sh("check-host.sh", SCRIPT, List.of())).hasToString("check-host.sh");
  }

  @Test
  void aProgramIsCalledByTheBeginningOfItsLine() {
    assertThat(Command.of("mktemp", "-d", "/tmp/x")).hasToString("mktemp -d /tmp/x");
    assertThat(Command.of("echo", "x".repeat(75))).hasToString("echo " + "x".repeat(75));
    assertThat(Command.of("echo", "x".repeat(76))).hasToString("echo " + "x".repeat(75) + "…");
    assertThat(Command.of("python3", "-c", SCRIPT).guarded("/python"))
        .hasToString("python3 -c first line…");
  }
}
