package hgauto.linux;

import static org.assertj.core.api.Assertions.assertThat;

import hgauto.resource.Resource;
import hgauto.testbed.machine.MachineSpec;
import hgauto.testbed.machine.TestMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What {@code prepare-work.sh} removes of {@code /hgwork}, what it leaves alone, and what becomes
 * of it where it is cut off.
 */
class PrepareWorkTest {
  private static final String SCRIPT = "/tmp/prepare-work.sh";
  private static final String SERIAL = "vol0123456789abcdef0";
  private static final String READY = "ready\nclean\n";
  private static final String DISK = "/dev/nvme1n1";

  @TempDir private static Path shared;
  private static TestMachine machine;

  @BeforeAll
  static void startMachine() throws IOException {
    MachineSpec spec = MachineSpec.ready().disk(SERIAL).sshdLater();
    machine = TestMachine.start(spec, shared.resolve("machine"));
    String script = Resource.text(WorkFolder.class, "prepare-work.sh");
    assertThat(script).endsWith("exec sleep infinity\n");
    Files.writeString(machine.path(SCRIPT), script.replace("exec sleep infinity\n", ""));
    Files.writeString(
        machine.path("/tmp/find_disk.py"), Resource.text(WorkFolder.class, "find_disk.py"));
  }

  @AfterAll
  static void endMachine() {
    if (machine != null) {
      machine.close();
    }
  }

  @AfterEach
  void removeAll() {
    shell("umount -q /hgwork/below; umount -q /hgwork; umount -q /hgwork; rm -rf /hgwork");
    shell("rm -f /run/began /run/end; cd /usr/local/bin; rm -f lsblk mkfs.xfs mount");
    shell("wipefs --all --quiet " + DISK);
  }

  private static String shell(String commands) {
    return machine.run("sh", "-c", commands);
  }

  /** Returns both streams, whatever the exit code. */
  private static String prepare(String filesystem) {
    return asHg(command(filesystem, SERIAL));
  }

  private static String command(String filesystem, String serial) {
    List<String> words =
        List.of("bash", SCRIPT, filesystem, "'" + serial + "'", "/usr/bin/python3");
    return String.join(" ", words) + " \"$(cat /tmp/find_disk.py)\"";
  }

  private static String asHg(String command) {
    String path = "PATH=/usr/local/bin:/usr/bin:/bin ";
    return machine.run("su", "hg", "-c", "{ export " + path + "; " + command + "; } 2>&1 || true");
  }

  /** Puts a program there, which is a script for sh. */
  private static void program(String name, String script) throws IOException {
    Path file = machine.path("/usr/local/bin/" + name);
    Files.writeString(file, "#!/bin/sh\n" + script);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
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
      assertThat(prepare("default")).isEqualTo(READY);
      assertThat(mounts()).isEqualTo(before);
    }
    assertThat(prepare("tmpfs")).contains("something else is mounted at /hgwork");
    assertThat(mounts()).isEqualTo(before);
    assertThat(shell("ls /hgwork")).contains("lost+found");
  }

  @Test
  void whatIsMountedInAFolderOfOursIsLeftAlone() {
    assertThat(prepare("default")).isEqualTo(READY);
    shell("mkdir /hgwork/below && mount -t tmpfs theirs /hgwork/below && touch /hgwork/below/file");
    assertThat(prepare("default")).contains("something is mounted in /hgwork: /hgwork/below");
    assertThat(shell("ls /hgwork/below")).isEqualTo("file\n");
  }

  @Test
  void whatAnEarlierRunMadeIsRemoved() {
    assertThat(prepare("default")).isEqualTo(READY);
    shell("touch /hgwork/left");
    assertThat(prepare("tmpfs")).isEqualTo(READY);
    assertThat(mounts()).startsWith("hgwork /hgwork tmpfs");
    assertThat(prepare("tmpfs")).isEqualTo(READY);
    assertThat(mounts().lines()).hasSize(1);
    assertThat(prepare("default")).isEqualTo(READY);
    assertThat(mounts()).isEmpty();
    assertThat(shell("ls /hgwork")).isEqualTo("harness\nhome\nresults\nsrc\ntmp\n");
  }

  @Test
  void whatHgDoesNotKnowIsNotInTheCopyForLong() {
    shell("cd /hgdev/src && touch unknown && chown hg:hg unknown");
    try {
      assertThat(prepare("default")).isEqualTo(READY);
      assertThat(shell("cd /hgwork/src && ls unknown 2>&1 || true")).contains("cannot access");
      assertThat(shell("ls /hgdev/src/unknown")).isNotEmpty();
    } finally {
      shell("rm /hgdev/src/unknown");
    }
  }

  @Test
  void whatIsBelowAMountOfOursIsLeftAlone() {
    shell(
        "mkdir /hgwork && mount -t tmpfs theirs /hgwork && touch /hgwork/file"
            + " && mount -t tmpfs hgwork /hgwork && echo mounted >/hgwork/.hgauto");
    assertThat(prepare("default"))
        .contains("what is in /hgwork is not of an earlier run", "/hgwork/file");
    assertThat(mounts()).startsWith("theirs /hgwork tmpfs").hasLineCount(1);
    assertThat(shell("ls -A /hgwork")).isEqualTo("file\n");
  }

  /** lsblk, which cannot tell which of them it is, shows none. */
  @Test
  void aDiskWithSeveralSignaturesIsLeftAlone() {
    shell("mkfs.btrfs -qfL hgwork " + DISK);
    shell("truncate -s 8G /tmp/swap && mkswap -q /tmp/swap");
    shell("dd if=/tmp/swap bs=4096 count=1 conv=notrunc status=none of=" + DISK);
    assertThat(shell("lsblk --noheadings --output FSTYPE " + DISK)).isBlank();
    String before = shell("wipefs " + DISK);
    assertThat(prepare("ext4"))
        .contains(DISK + " is not empty, it holds: swap", "btrfs hgwork")
        .contains("next: Give it an empty disk");
    assertThat(shell("wipefs " + DISK)).isEqualTo(before);
    assertThat(mounts()).isEmpty();
  }

  @Test
  void whatGoesWrongWhileADiskIsLookedForIsTheEnd() throws IOException {
    program("lsblk", "echo this lsblk does not work >&2; exit 32\n");
    assertThat(asHg(command("ext4", "vol-that-is-not-there")))
        .isEqualTo("this lsblk does not work\n");
  }

  /** Cut off by the guard, as soon as what root runs by that name has begun; that goes on. */
  private static void cutOff(String filesystem, String program, String then) throws IOException {
    shell("mkfifo /run/began /run/end");
    program(program, "trap '' TERM; : >/run/began; cat /run/end\n" + then);
    Files.writeString(
        machine.path("/tmp/guard.py"),
        Files.readString(Path.of("src/main/resources/hgauto/process/guard.py")));
    asHg("cat /run/began | python3 -I /tmp/guard.py '' " + command(filesystem, SERIAL));
    machine.run("pgrep", "--full", "cat /run/end");
    shell("rm /usr/local/bin/" + program);
  }

  @Test
  void aRunThatIsCutOffKeepsTheMachineUntilRootIsDone() throws IOException {
    cutOff("xfs", "mkfs.xfs", "");
    assertThat(prepare("default")).contains("another run uses this machine, since ");
    shell(": >/run/end");
    assertThat(prepare("default")).isEqualTo(READY);
  }

  @Test
  void whatARunThatIsCutOffHasMountedIsKnownToBeOurs() throws IOException {
    cutOff("tmpfs", "mount", "exec /usr/bin/mount \"$@\"\n");
    shell(": >/run/end");
    assertThat(prepare("tmpfs")).isEqualTo(READY);
    assertThat(mounts()).hasLineCount(1);
  }
}
