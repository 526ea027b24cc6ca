package hgauto.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class DebugLogTest {
  @TempDir private Path folder;

  @Test
  void isAPrivateFileNamedAfterTheCommand() throws IOException {
    Path log = DebugLog.start(new StateFolder(folder), "try", false);
    LoggerFactory.getLogger("hgauto.test").debug("looked at {}", "ü");
    assertThat(log.getFileName().toString()).matches("\\d{8}T\\d{6}-try-\\d+\\.log");
    assertThat(log).content().contains("DEBUG", "test: looked at ü");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(log)))
        .isEqualTo("rw-------");
  }

  @Test
  void hasNoTokens() {
    Path log = DebugLog.start(new StateFolder(folder), "try", false);
    LoggerFactory.getLogger("hgauto.test")
        .info(
            "at http://host/runs/1?token=0123abcd now",
            new IOException("no http://host/?token=0123abcd"));
    assertThat(log).content().contains("IOException", "now").doesNotContain("0123abcd");
  }

  @Test
  void hasNoPasswordsAndNothingThatCouldSteerATerminal() {
    Path log = DebugLog.start(new StateFolder(folder), "try", false);
    LoggerFactory.getLogger("hgauto.test")
        .info("run [hg, clone, http://ann:sekrit@host/repo] \u001b[31m\u009b2J");
    assertThat(log)
        .content()
        .contains("http://…@host/repo] ?[31m?2J")
        .doesNotContain("sekrit", "\u001b");
  }

  @Test
  void theSdkIsNotLoggedInDetail() {
    Path log = DebugLog.start(new StateFolder(folder), "try", false);
    LoggerFactory.getLogger("software.amazon.awssdk.request").debug("a whole request");
    assertThat(log).content().doesNotContain("a whole request");
  }

  @Test
  void theOldestBeyondFiftyAreRemovedAndOtherFilesKept() throws IOException {
    Path logs = new StateFolder(folder).logs();
    for (int second = 10; second < 70; second++) {
      Files.createFile(logs.resolve("20200101T0000" + second + "-try-1.log"));
    }
    Files.createFile(logs.resolve("notes"));
    DebugLog.start(new StateFolder(folder), "try", false);
    assertThat(logs.toFile().list())
        .hasSize(51)
        .contains("notes", "20200101T000069-try-1.log", "20200101T000021-try-1.log")
        .doesNotContain("20200101T000020-try-1.log");
  }
}
