package hgauto.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import hgauto.aws.ensure.Cidr;
import hgauto.aws.lease.LaunchTerms;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

class LaunchOptionsTest {
  @Command
  private static final class Launcher {
    @Mixin private LaunchOptions options;
  }

  private static LaunchTerms parsed(String... line) {
    Launcher launcher = new Launcher();
    new CommandLine(launcher).parseArgs(line);
    return launcher.options.terms();
  }

  private static Set<Cidr> ranges(String... texts) {
    return Stream.of(texts).map(text -> Cidr.of(text).orElseThrow()).collect(Collectors.toSet());
  }

  @Test
  void withoutAnyItIsTheDefaultNetworkFromHereForFourHours() {
    assertThat(parsed())
        .isEqualTo(new LaunchTerms(Set.of(), Optional.empty(), Duration.ofHours(4), false));
  }

  @Test
  void allOfThem() {
    assertThat(
            parsed(
                "--ssh-from",
                "203.0.113.7",
                "--subnet",
                "subnet-1",
                "--max-lifetime",
                "30m",
                "--keep-on-failure"))
        .isEqualTo(
            new LaunchTerms(
                ranges("203.0.113.7/32"), Optional.of("subnet-1"), Duration.ofMinutes(30), true));
  }

  @Test
  void rangesAreRepeatedOrInAList() {
    assertThat(
            parsed("--ssh-from", "203.0.113.7,198.51.100.0/24", "--ssh-from=2001:db8::1").sshFrom())
        .isEqualTo(ranges("203.0.113.7", "198.51.100.0/24", "2001:db8::1/128"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--ssh-from=builder|'builder' is not a range of addresses such as 203.0.113.7",
        "--ssh-from=10.0.0.0/33|'10.0.0.0/33' is not a range",
        "--ssh-from=,203.0.113.7|'' is not a range",
        "--ssh-from=0.0.0.0/0|'0.0.0.0/0' is the whole internet",
        "--ssh-from=::/0|'::/0' is the whole internet",
        "--max-lifetime=4|'4' is not a time such as 90s, 15m, 2h or 30d",
        "--max-lifetime=299s|'299s' is not between 5m and 7d",
        "--max-lifetime=8d|'8d' is not between 5m and 7d"
      })
  void whatMakesNoSenseIsRefused(String argument, String message) {
    assertThatExceptionOfType(ParameterException.class)
        .isThrownBy(() -> parsed(argument))
        .withMessageContaining(message);
  }
}
