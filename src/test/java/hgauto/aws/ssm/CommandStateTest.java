package hgauto.aws.ssm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandStateTest {
  @ParameterizedTest
  @CsvSource({
    "TimedOut, Delivery Timed Out, DELIVERY_TIMED_OUT",
    "TimedOut, DeliveryTimedOut, DELIVERY_TIMED_OUT",
    "TimedOut, execution timed out, EXECUTION_TIMED_OUT",
    "InProgress, In Progress, IN_PROGRESS",
    "InProgress, InProgress, IN_PROGRESS",
    "Failed, Access Denied, ACCESS_DENIED",
    "Failed, InvalidPlatform, INVALID_PLATFORM",
    "Failed, Undeliverable, UNDELIVERABLE",
    "Failed, Terminated, TERMINATED",
    "Success, Success, SUCCESS",
    "Pending, Delayed, DELAYED"
  })
  void theDetailsCountHoweverTheyAreSpelt(String status, String details, CommandState state) {
    assertThat(CommandState.of(status, details)).isEqualTo(state);
  }

  @Test
  void whereTheDetailsSayNothingKnownTheStatusCounts() {
    assertThat(CommandState.of("Failed", "Brand New")).isEqualTo(CommandState.FAILED);
    assertThat(CommandState.of("Success", "")).isEqualTo(CommandState.SUCCESS);
    assertThat(CommandState.of("Cancelling", null)).isEqualTo(CommandState.CANCELLING);
    assertThat(CommandState.of(null, null)).isEqualTo(CommandState.UNKNOWN);
    assertThat(CommandState.of("unknown", "Brand New")).isEqualTo(CommandState.UNKNOWN);
  }

  @ParameterizedTest
  @CsvSource({
    "Pending, true",
    "InProgress, true",
    "Delayed, true",
    "Cancelling, true",
    "Success, false",
    "Failed, false",
    "Cancelled, false",
    "TimedOut, false",
    "Brand New, false"
  })
  void itIsUnderWayUntilItHasEnded(String status, boolean underWay) {
    assertThat(CommandState.of(status, status).isUnderWay()).isEqualTo(underWay);
  }
}
