package hgauto.windows;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import hgauto.aws.image.WindowsBase;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class WindowsImagesTest {
  private static final WindowsDependencies FILES = files("script", "settings");

  private static WindowsDependencies files(String script, String settings) {
    return new WindowsDependencies(
        new TreeMap<>(
            Map.of(
                "install-windows-dependencies.ps1",
                script.getBytes(UTF_8),
                "vs2022-settings.json",
                settings.getBytes(UTF_8))));
  }

  private static String fingerprint(String base, WindowsDependencies files) {
    return WindowsFingerprints.of(WindowsBase.named(base), files);
  }

  @Test
  void theFingerprintIsTheSameForTheSame() {
    assertThat(fingerprint("WINDOWS-2022", FILES))
        .isEqualTo(fingerprint("windows-2022", files("script", "settings")))
        .isEqualTo(fingerprint("Windows_Server-2022-English-Full-Base-*", FILES));
  }

  @Test
  void itCoversTheBaseTheScriptAndTheFilesBesideIt() {
    assertThat(
            Set.of(
                fingerprint("WINDOWS-2022", FILES),
                fingerprint("WINDOWS-2025", FILES),
                fingerprint("Windows_Server-2022-English-Core-Base-*", FILES),
                fingerprint("WINDOWS-2022", files("other", "settings")),
                fingerprint("WINDOWS-2022", files("script", "other"))))
        .hasSize(5);
  }
}
