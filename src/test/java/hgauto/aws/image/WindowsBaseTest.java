package hgauto.aws.image;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WindowsBaseTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"WINDOWS-2022", "windows-2022", "Windows_Server-2022-English-Full-Base-*"})
  void oneThatIsKnownHasAParameter(String name) {
    ImageSeries series = WindowsBase.named(name);
    assertThat(series).isEqualTo(WindowsBase.WINDOWS_2022.series());
    assertThat(series.parameters())
        .containsExactly("/aws/service/ami-windows-latest/Windows_Server-2022-English-Full-Base");
  }

  @Test
  void anotherNameIsAPatternForAmazonsImages() {
    ImageSeries series = WindowsBase.named("Windows_Server-2022-English-Core-*");
    assertThat(series.namePattern()).isEqualTo("Windows_Server-2022-English-Core-*");
    assertThat(series.owner()).isEqualTo(WindowsBase.OWNER);
    assertThat(series.parameters()).isEmpty();
  }
}
