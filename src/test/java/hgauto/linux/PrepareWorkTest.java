package hgauto.linux;

import static org.assertj.core.api.Assertions.assertThat;

import hgauto.testbed.machine.MachineSpec;
import hgauto.testbed.machine.TestMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code prepare-work.sh} removes of {@code /hgwork}, and what it leaves alone. */
class PrepareWorkTest {
  private static final String SCRIPT = "/tmp/prepare-work.sh";

  @TempDir private static Path shared;
  private static TestMachine machine;

  @BeforeAll
  static void startMachine() throws IOException {
    machine = TestMachine.start(MachineSpec.ready().sshdLater(), shared.resolve("machine"));
    String script = Resources.text("prepare-work.sh");
    assertThat(script).endsWith("exec sleep infinity\n");
    Files.writeString(machine.path(SCRIPT), script.replace("exec sleep infinity\n", ""));
  }

  @AfterAll
  static void endMachine() {
    if (machine != null) {
      machine.close();
    }
  }

  @AfterEach
  void removeAll() {
    shell("umount -q /hgwork/below; umount -q /hgwork; rm -rf /hgwork");
  }

  private static String shell(String commands) {
    return machine.run("sh", "-c", commands);
  }

  /** Returns both streams, whatever the exit code. */
  private static String prepare(String filesystem) {
    String command = "bash " + SCRIPT + " " + filesystem + " '' /usr/bin/python3 ''";
    return shell("su hg -c \"" + command + "\" 2>&1 || true");
  }

  private static String mounts() {
    return shell("grep /hgwork /proc/mounts || true");
  }

  @ParameterizedTest
  @ValueSource(strings = {"default", "tmpfs"})
  void aFolderOfSomebodyElseIsLeftAlone(String filesystem) {
    shell("mkdir -m 700 /hgwork && echo theirs >/hgwork/file");
    String before = shell("ls -laR /hgwork");
    for (int run = 0; run < 2; run++) {
      assertThat(prepare(filesystem))
          .contains("what is in /hgwork is not of an earlier run", "/hgwork/file")
          .contains("next: Empty /hgwork, or move it away");
      assertThat(shell("ls -laR /hgwork")).isEqualTo(before);
    }
    assertThat(mounts()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"default", "tmpfs"})
  void aMountOfSomebodyElseIsLeftAlone(String filesystem) {
    shell("mkdir /hgwork && mount -t tmpfs theirs /hgwork && echo theirs >/hgwork/file");
    String before = shell("ls -laR /hgwork") + mounts();
    for (int run = 0; run < 2; run++) {
      assertThat(prepare(filesystem)).contains("what is in /hgwork is not of an earlier run");
      assertThat(shell("ls -laR /hgwork") + mounts()).isEqualTo(before);
    }
  }

  @Test
  void anEmptyMountOfSomebodyElseIsUsedAndNeverUnmounted() {
    shell("mkdir /hgwork && mount -t tmpfs theirs /hgwork && mkdir /hgwork/lost+found");
    String before = mounts();
    for (int run = 0; run < 2; run++) {
      assertThat(prepare("default")).isEqualTo("ready\n");
      assertThat(mounts()).isEqualTo(before);
    }
    assertThat(prepare("tmpfs")).contains("something else is mounted at /hgwork");
    assertThat(mounts()).isEqualTo(before);
    assertThat(shell("ls /hgwork")).contains("lost+found");
  }

  @Test
  void whatIsMountedInAFolderOfOursIsLeftAlone() {
    assertThat(prepare("default")).isEqualTo("ready\n");
    shell("mkdir /hgwork/below && mount -t tmpfs theirs /hgwork/below && touch /hgwork/below/file");
    assertThat(prepare("default")).contains("something is mounted in /hgwork: /hgwork/below");
    assertThat(shell("ls /hgwork/below")).isEqualTo("file\n");
  }

  @Test
  void whatAnEarlierRunMadeIsRemoved() {
    assertThat(prepare("default")).isEqualTo("ready\n");
    shell("touch /hgwork/left");
    assertThat(prepare("tmpfs")).isEqualTo("ready\n");
    assertThat(mounts()).startsWith("hgwork /hgwork tmpfs");
    assertThat(prepare("tmpfs")).isEqualTo("ready\n");
    assertThat(mounts().lines()).hasSize(1);
    assertThat(prepare("default")).isEqualTo("ready\n");
    assertThat(mounts()).isEmpty();
    assertThat(shell("ls /hgwork")).isEqualTo("harness\nhome\nresults\nsrc\ntmp\n");
  }
}
