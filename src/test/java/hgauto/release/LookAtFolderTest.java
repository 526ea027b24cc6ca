package hgauto.release;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import hgauto.resource.Resource;
import hgauto.testbed.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** look-at-folder.sh, by an account that is not root, in folders of root. */
class LookAtFolderTest {
  private static final String NOBODY = "65534";

  @TempDir private Path temp;
  private Path folder;

  @BeforeEach
  void makeFolder() throws IOException {
    Requires.that(System.getProperty("user.name").equals("root"), "this needs root");
    Files.setPosixFilePermissions(temp, PosixFilePermissions.fromString("rwxr-xr-x"));
    folder = Files.createDirectory(temp.resolve("a site"));
    Files.writeString(folder.resolve("latest.dat"), "");
  }

  private String look(String mode, Path at) throws IOException, InterruptedException {
    run("chmod", mode, folder.toString());
    return run(
        Requires.program("setpriv").toString(),
        "--reuid=" + NOBODY,
        "--clear-groups",
        "sh",
        "-c",
        Resource.text(SiteAccess.class, "look-at-folder.sh"),
        "sh",
        at + "/");
  }

  private static String run(String... argv) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(argv).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String out = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
    assertThat(process.waitFor()).isZero();
    return out;
  }

  @Test
  void aFolderThatTheAccountMayChangeIsWritable() throws Exception {
    assertThat(look("777", folder)).isEqualTo("writable");
  }

  @Test
  void aFolderOfOthersIsReadOnly() throws Exception {
    assertThat(look("755", folder)).isEqualTo("read-only");
  }

  @Test
  void whereOnlyOwnersMayReplaceFilesLatestDatOfSomebodyElseStays() throws Exception {
    assertThat(look("1777", folder)).isEqualTo("sticky");
  }

  @Test
  void whereOnlyOwnersMayReplaceFilesTheOwnerMay() throws Exception {
    run("chown", NOBODY, folder.resolve("latest.dat").toString());
    assertThat(look("1777", folder)).isEqualTo("writable");
  }

  @Test
  void whatIsNoFolderIsMissing() throws Exception {
    assertThat(look("777", folder.resolve("none"))).isEqualTo("missing");
  }
}
