package hgauto.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hgauto.error.UsageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SshAddressTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "ssh://hg@builder",
        "ssh://ann.lee-1@builder.example:2222",
        "ssh://hg@192.0.2.1",
        "ssh://hg@[2001:db8::1]:2222",
        "ssh://hg@[fe80::1%eth0]"
      })
  void isWrittenAsItIsRead(String address) {
    assertThat(SshAddress.of(address)).hasToString(address);
  }

  @Test
  void accountAndPortMayBeLeftOut() {
    assertThat(SshAddress.of("ssh://builder/")).isEqualTo(new SshAddress("hg", "builder", 22));
  }

  /** The account goes into the configuration of ssh. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "ssh://-oProxyCommand=x@builder",
        "ssh://hg%0A@builder",
        "ssh://hg%h@builder",
        "ssh://hg:secret@builder",
        "ssh://hg@-builder",
        "ssh://hg@builder:65536",
        "ssh://hg@builder/src",
        "ssh://hg@builder?x",
        "http://builder",
        "builder"
      })
  void anythingElseIsRefused(String address) {
    assertThatThrownBy(() -> SshAddress.of(address))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining(address);
  }
}
