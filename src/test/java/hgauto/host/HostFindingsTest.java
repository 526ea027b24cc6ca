package hgauto.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class HostFindingsTest {
  private enum Point implements HostPoint {
    BASH,
    HOST_KEY,
    HARNESS;

    @Override
    public boolean isRequired() {
      return true;
    }

    @Override
    public String mend() {
      return "mend it";
    }
  }

  private static List<Finding> read(String printed) {
    HostFindings findings = new HostFindings(Point.values());
    findings.read(printed);
    return findings.all();
  }

  private static Finding notCome(Point point) {
    return new Finding(point, false, "the check did not come to it");
  }

  @Test
  void eachLineIsAFindingAndTheyComeInTheirOrder() {
    assertThat(read("harness\tok\t\r\nhost-key\tno\tanother one\nbash\tok\t/bin/bash 5.2\n"))
        .containsExactly(
            new Finding(Point.BASH, true, "/bin/bash 5.2"),
            new Finding(Point.HOST_KEY, false, "another one"),
            new Finding(Point.HARNESS, true, ""));
  }

  @Test
  void whatElseIsPrintedIsPassedOver() {
    assertThat(read("Welcome!\nyou have\tnew\tmail\nbash\nharness\tok\n\n"))
        .containsExactly(notCome(Point.BASH), notCome(Point.HOST_KEY), notCome(Point.HARNESS));
  }
}
