package hgauto.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import hgauto.aws.image.ImageSeries;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BootstrapFilesTest {
  private static final Distro DEBIAN = Distros.known().named("debian12");

  private final BootstrapFiles files = BootstrapFiles.known();

  private String text(String name) {
    return new String(files.contents().get(name), UTF_8);
  }

  @Test
  void theFingerprintIsTheSameForTheSame() {
    assertThat(files.fingerprint(DEBIAN, 20))
        .isEqualTo(BootstrapFiles.known().fingerprint(Distros.known().named("debian12"), 20));
  }

  @Test
  void itCoversAllThatDecidesWhatIsInTheImage() {
    Set<String> seen = new HashSet<>();
    List<String> all = new ArrayList<>();
    all.add(files.fingerprint(DEBIAN, 20));
    all.add(files.fingerprint(DEBIAN, 21));
    for (String name : files.contents().keySet()) {
      all.add(files.with(name, "other").fingerprint(DEBIAN, 20));
    }
    List<String> more = new ArrayList<>(DEBIAN.packages());
    more.add("hello");
    all.add(files.fingerprint(new Distro(DEBIAN.series(), "admin", more, DEBIAN.wanted()), 20));
    all.add(files.fingerprint(new Distro(DEBIAN.series(), "admin", DEBIAN.packages(), more), 20));
    ImageSeries other = new ImageSeries("debian12", "1", "debian-12-*", List.of());
    all.add(files.fingerprint(new Distro(other, "admin", DEBIAN.packages(), DEBIAN.wanted()), 20));
    Distros.known().all().forEach(it -> all.add(files.fingerprint(it, 22)));
    assertThat(all).allMatch(seen::add);
  }

  @ParameterizedTest
  @ValueSource(strings = {"linux-bootstrap.txt", "linux-tests.txt"})
  void everyRequirementIsPinnedWithHashes(String name) {
    String[] requirements = text(name).replaceAll("(?m)^\\s*#.*\n", "").split("\n(?=\\S)", -1);
    assertThat(requirements)
        .isNotEmpty()
        .allMatch(it -> it.contains("==") && it.contains("--hash=sha256:"));
  }

  @Test
  void whatIsFetchedIsPinned() {
    String pins = text("pins.conf");
    assertThat(pins).containsPattern("(?m)^pyenv_commit=[0-9a-f]{40}$");
    assertThat(pins).containsPattern("(?m)^rustup_sha256=[0-9a-f]{64}$");
    assertThat(pins).containsPattern("(?m)^rust_manifest_sha256=[0-9a-f]{64}$");
    assertThat(pins).containsPattern("(?m)^mercurial_node=[0-9a-f]{40}$");
    assertThat(Pattern.compile("=(.*://.*)").matcher(pins).results().map(it -> it.group(1)))
        .hasSize(4)
        .allMatch(url -> url.startsWith("https://"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"3.9", "3.10", "3.11", "3.12", "3.13", "3.14", "pypy3.11"})
  void aPythonOfEachSupportedVersionIsBuilt(String version) {
    assertThat(text("pins.conf"))
        .containsPattern("(?m)^pythons='(.* )?" + Pattern.quote(version) + "[.-][0-9.]+( .*)?'$");
  }
}
