package hgauto.windows;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import hgauto.error.UsageException;
import hgauto.hg.Checkout;
import hgauto.hg.Hg;
import hgauto.testbed.HgRepository;
import hgauto.testbed.Requires;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WindowsDependenciesTest {
  private static final String SCRIPT = "contrib/install-windows-dependencies.ps1";

  @TempDir private Path folder;
  private HgRepository hg;

  @BeforeEach
  void create() {
    hg = HgRepository.create(folder);
  }

  private WindowsDependencies of(String revision) {
    Checkout checkout =
        Checkout.find(folder, new Hg(Requires.program("hg").toString()).withoutUserConfig());
    return WindowsDependencies.of(checkout, checkout.resolve(revision));
  }

  @Test
  void theyAreTheScriptAndWhatItNamesBesideIt() throws Exception {
    hg.write(SCRIPT, "vs_buildtools.exe --config $PSScriptRoot\\vs2022-settings.json\n")
        .write("contrib/vs2022-settings.json", "{\"\u00e9\": 1}\n")
        .write("contrib/settings.json", "{}\n")
        .write("contrib/hgsh", "not named\n")
        .write("contrib/packaging/vs2022-settings.json", "another\n")
        .write("vs2022-settings.json", "yet another\n")
        .commit("files");

    WindowsDependencies found = of(".");

    assertThat(found.contents())
        .containsOnlyKeys("install-windows-dependencies.ps1", "vs2022-settings.json");
    assertThat(new String(found.contents().get("vs2022-settings.json"), UTF_8))
        .isEqualTo("{\"\u00e9\": 1}\n");
  }

  /** Windows' programs write settings in UTF-16, too. */
  @Test
  void theyAreAsTheyAreByteForByte() throws Exception {
    byte[] settings = "{\"\u00e9\": 1}\r\n".getBytes(UTF_16);
    Files.createDirectories(folder.resolve("contrib"));
    Files.write(folder.resolve("contrib/vs2022-settings.json"), settings);
    hg.write(SCRIPT, "vs2022-settings.json\n").commit("files");

    assertThat(of(".").contents().get("vs2022-settings.json")).isEqualTo(settings);
  }

  @Test
  void theyAreAsTheRevisionHasThem() throws Exception {
    hg.write(SCRIPT, "old\n").commit("old");
    hg.write(SCRIPT, "new\n").commit("new");
    hg.write(SCRIPT, "not committed\n");

    assertThat(of("0").contents().values()).containsExactly("old\n".getBytes(UTF_8));
    assertThat(of(".").contents().values()).containsExactly("new\n".getBytes(UTF_8));
  }

  @Test
  void aRevisionWithoutTheScriptIsRefused() throws Exception {
    hg.write("README", "another project\n").commit("readme");

    UsageException failure = catchThrowableOfType(UsageException.class, () -> of("."));

    assertThat(failure.what()).endsWith("cannot be built on Windows");
    assertThat(failure.why()).contains(SCRIPT);
  }
}
