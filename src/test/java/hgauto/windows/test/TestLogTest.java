package hgauto.windows.test;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TestLogTest {
  private final ByteArrayOutputStream output = new ByteArrayOutputStream();
  private final AtomicInteger looks = new AtomicInteger();
  private final TestLog log = new TestLog(output, looks::incrementAndGet);

  private String printed(String... chunks) throws IOException {
    for (String chunk : chunks) {
      log.write(chunk.getBytes(UTF_8));
    }
    return output.toString(UTF_8);
  }

  @Test
  void theFirstLineIsTheAccountsAndNotTheTests() throws Exception {
    assertThat(printed("account X\\Adm", "inistrator, profile C:\\U\r", "\n.", ".s"))
        .isEqualTo("..s");
  }

  @Test
  void linesEndAsRunTestsPyEndsThem() throws Exception {
    assertThat(printed("account\r\n", "a\r\nb\r", "\n\r\r\n\n", "50 %\r60 %"))
        .isEqualTo("a\nb\n\r\n\n50 %\r60 %");
  }

  @Test
  void whatIsUnderWayIsPassedOnAndTheEventsAreLookedAt() throws Exception {
    printed("account\n.");
    log.flush();
    assertThat(output).hasToString(".");
    assertThat(looks).hasValue(1);
  }

  @Test
  void anInterruptWhileTheEventsAreLookedAtIsNotLost() throws Exception {
    TestLog interrupted =
        new TestLog(
            output,
            () -> {
              throw new InterruptedException();
            });
    interrupted.flush();
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void itsEndIsKeptForTheReason() throws Exception {
    printed("account\r\n" + "line\r\n".repeat(100) + "sh.exe: not found\r\n");
    assertThat(log.tail().after("")).endsWith("line\nsh.exe: not found");
  }
}
