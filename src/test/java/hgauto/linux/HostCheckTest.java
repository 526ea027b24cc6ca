package hgauto.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HostCheckTest {
  private static Map<HostPoint, HostCheck.Finding> read(String printed) {
    Map<HostPoint, HostCheck.Finding> found = new EnumMap<>(HostPoint.class);
    HostCheck.read(printed, found);
    return found;
  }

  @Test
  void eachLineIsAFinding() {
    assertThat(read("bash\tok\t/bin/bash 5.2\nsudo\tno\ta password is required\nharness\tok\t\n"))
        .containsOnly(
            Map.entry(HostPoint.BASH, new HostCheck.Finding(HostPoint.BASH, true, "/bin/bash 5.2")),
            Map.entry(
                HostPoint.SUDO,
                new HostCheck.Finding(HostPoint.SUDO, false, "a password is required")),
            Map.entry(HostPoint.HARNESS, new HostCheck.Finding(HostPoint.HARNESS, true, "")));
  }

  @Test
  void whatElseIsPrintedIsPassedOver() {
    assertThat(read("Welcome!\nyou have\tnew\tmail\nbash\nuser\tok\n\n")).isEmpty();
  }
}
