package hgauto.tryserver;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VisibleTextTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "plain, naïve, 漢字, 👍 and שלום | plain, naïve, 漢字, 👍 and שלום",
        "a\u001b[31mred\u001b[0m | a␛[31mred␛[0m",
        "nul\0 and del\u007f | nul␀ and del␡",
        "back\bspace and return\rhidden | back␈space and return␍hidden",
        "evil\u202etxt.exe | evil‹U+202E›txt.exe",
        "isolate\u2066x\u2069 | isolate‹U+2066›x‹U+2069›",
        "next\u0085line | next‹U+0085›line",
        "half\ud83d half\udc4d | half\ufffd half\ufffd",
        "none\uffff | none\ufffd",
      })
  void showsWhatWouldActOnTheScreen(String text, String visible) {
    assertThat(VisibleText.of(text)).isEqualTo(visible);
  }

  @Test
  void keepsTabsAndLineEnds() {
    assertThat(VisibleText.of("a\tb\nc\r\nd")).isEqualTo("a\tb\nc\nd");
  }
}
