package hgauto.linux;

import static org.assertj.core.api.Assertions.assertThat;

import hgauto.process.LocalProgram;
import hgauto.resource.Resource;
import hgauto.testbed.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code find_disk.py} on what lsblk prints. */
class FindDiskTest {
  private static final String SYSTEM =
      disk("sda", "'children': [{'name': 'sda1', 'mountpoint': '/'}]");
  private static final String EMPTY = disk("sdb", "'label': null");

  @TempDir private Path folder;

  private static String disk(String name, String more) {
    return "{'name': '%1$s', 'path': '/dev/%1$s', 'type': 'disk', 'size': 8589934592, %2$s}"
        .formatted(name, more);
  }

  private LocalProgram.Result find(List<String> disks, String... device) throws IOException {
    String printed = "{'blockdevices': [" + String.join(", ", disks) + "]}";
    Path lsblk = Files.writeString(folder.resolve("lsblk"), printed.replace('\'', '"'));
    Path script =
        Files.writeString(folder.resolve("find"), Resource.text(WorkFolder.class, "find_disk.py"));
    String arguments = String.join(" ", device);
    return LocalProgram.run(
        List.of(
            "sh",
            "-c",
            Requires.program("python3") + " -I " + script + " " + arguments + " <" + lsblk),
        folder,
        Map.of(),
        Duration.ofMinutes(1));
  }

  @Test
  void theOneThatNobodyUsesIsFound() throws IOException {
    String rom = "{'name': 'sr0', 'path': '/dev/sr0', 'type': 'rom', 'size': 8589934592}";
    assertThat(find(List.of(SYSTEM, EMPTY, rom)).out()).isEqualTo("/dev/sdb\n");
  }

  @Test
  void thatOfAnEarlierRunIsFoundAgain() throws IOException {
    String earlier = disk("sdb", "'fstype': 'ext4', 'label': 'hgwork'");
    assertThat(find(List.of(SYSTEM, earlier)).out()).isEqualTo("/dev/sdb\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'children': [{'name': 'sdb1'}]|has sdb1",
        "'mountpoint': '/data'|is mounted at /data",
        "'mountpoint': '[SWAP]'|is mounted at [SWAP]",
        "'pttype': 'gpt'|has a partition table",
        "'fstype': 'LVM2_member'|holds LVM2_member",
        "'fstype': 'ext4', 'label': 'mine'|holds ext4",
        "'ro': true|is read-only",
        "'size': 4096|has only 4096 bytes"
      },
      quoteCharacter = '"')
  void whateverIsInUseIsLeftAlone(String more, String why) throws IOException {
    LocalProgram.Result result = find(List.of(SYSTEM, disk("sdb", more)));
    assertThat(result.out()).isEmpty();
    assertThat(result.err())
        .isEqualTo("there is no unused disk\n/dev/sda has sda1\n/dev/sdb " + why + "\n");
    assertThat(result.exitCode()).isEqualTo(1);
  }

  @Test
  void ofTwoNoneIsGuessed() throws IOException {
    LocalProgram.Result result = find(List.of(EMPTY, disk("sdc", "'label': null")));
    assertThat(result.err())
        .isEqualTo("there are several unused disks\n/dev/sdb is unused\n/dev/sdc is unused\n");
    assertThat(result.exitCode()).isEqualTo(1);
  }

  @Test
  void theOneThatIsNamedIsNotTakenIfItIsInUse() throws IOException {
    assertThat(find(List.of(EMPTY), "/dev/xvdb").out()).isEqualTo("/dev/xvdb\n");
    assertThat(find(List.of(SYSTEM), "/dev/sda").exitCode()).isEqualTo(1);
  }
}
