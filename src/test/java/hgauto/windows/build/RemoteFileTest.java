package hgauto.windows.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import hgauto.error.EnvironmentException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RemoteFileTest {
  /** The order of the names is any. */
  @Test
  void readsWhatAScriptTells() {
    assertThat(RemoteFile.parse("made: {\"size\":5,\"name\":\"a.whl\",\"sha256\":\"0a\"}"))
        .isEqualTo(new RemoteFile("a.whl", 5, "0a"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nothing",
        "[1]",
        "{\"name\":\"a.whl\"}",
        "{\"name\":\"a\",\"size\":\"large\",\"sha256\":\"0a\"}",
        "{\"name\":\"a\",\"size\":5,\"sha256\":[]}",
        "{\"name\":\"a\",\"si",
      })
  void anythingElseIsAnErrorThatShowsIt(String printed) {
    assertThatExceptionOfType(EnvironmentException.class)
        .isThrownBy(() -> RemoteFile.parse("made: " + printed))
        .satisfies(failure -> assertThat(failure.why()).contains(printed));
  }
}
