package hgauto.aws.ensure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CidrTest {
  @ParameterizedTest
  @CsvSource({
    "203.0.113.7/32, 203.0.113.7/32",
    "203.0.113.7, 203.0.113.7/32",
    "203.0.113.7/24, 203.0.113.0/24",
    "203.0.113.255/25, 203.0.113.128/25",
    "100.68.0.18/18, 100.68.0.0/18",
    "1.2.3.4/0, 0.0.0.0/0",
    "0.0.0.0/0, 0.0.0.0/0",
    "255.255.255.255/31, 255.255.255.254/31",
    "2001:db8::7, 2001:db8:0:0:0:0:0:7/128",
    "2001:DB8:1:2:3:4:5:6/64, 2001:db8:1:2:0:0:0:0/64",
    "2001:db8:ffff::/33, 2001:db8:8000:0:0:0:0:0/33",
    "::/0, 0:0:0:0:0:0:0:0/0"
  })
  void readsARangeAsAwsKeepsIt(String text, String range) {
    assertThat(Cidr.of(text)).map(Cidr::toString).contains(range);
    assertThat(Cidr.of(range)).isEqualTo(Cidr.of(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "/24",
        "localhost",
        "example.com/24",
        "cafe",
        "1.2.3",
        "1.2.3.4.5",
        "256.1.1.1",
        "999.1.1.1",
        "01.2.3.4",
        "0x1.2.3.4",
        "16909060",
        "1.2.3.4/33",
        "1.2.3.4/-1",
        "1.2.3.4/",
        "1.2.3.4/24/24",
        "1.2.3.4/255.255.255.0",
        " 1.2.3.4",
        "1.2.3.4\n",
        "1:2",
        ":::",
        "2001:db8::7/129",
        "2001:db8::7%eth0",
        "::ffff:1.2.3.4",
        "[::1]",
        "sg-0a1b",
        "pl-1234"
      })
  void refusesEverythingElse(String text) {
    assertThat(Cidr.of(text)).isEmpty();
  }

  @Test
  void rangesOfOneBeginningAndDifferentLengthDiffer() {
    assertThat(Cidr.of("10.0.0.0/8")).isNotEqualTo(Cidr.of("10.0.0.0/9"));
    assertThat(Cidr.of("0.0.0.0/0")).isNotEqualTo(Cidr.of("::/0"));
  }
}
