package hgauto.windows.test;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hgauto.error.UsageException;
import hgauto.windows.WindowsDependencies;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WindowsPythonTest {
  private static final WindowsPython PYTHON = new WindowsPython("3.10", "x86");

  private static WindowsDependencies dependencies(String script) {
    TreeMap<String, byte[]> contents = new TreeMap<>();
    contents.put("install-windows-dependencies.ps1", script.getBytes(UTF_8));
    return new WindowsDependencies(contents);
  }

  @Test
  void itsFolderIsWhereMercurialsScriptInstallsIt() {
    assertThat(PYTHON.folder()).isEqualTo("python310-x86");
    assertThat(PYTHON).hasToString("3.10-x86");
  }

  @ParameterizedTest
  @ValueSource(strings = {"2.7", "3", "3.4", "3.09", "4.0", "3.9/..", "system3", ""})
  void othersAreRefused(String version) {
    assertThatThrownBy(() -> new WindowsPython(version, "x64")).isInstanceOf(UsageException.class);
  }

  @Test
  void onlyArchitecturesOfTheMachinesCanRun() {
    assertThatThrownBy(() -> new WindowsPython("3.9", "arm64")).isInstanceOf(UsageException.class);
  }

  @Test
  void oneThatMercurialsScriptDoesNotInstallIsRefused() {
    WindowsDependencies others =
        dependencies("Install-Python3 ${prefix}\\python310-x64\n${prefix}\\python39-x86");
    assertThatThrownBy(() -> PYTHON.refuseMissing(others))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("there is no Python 3.10 for x86 on machines for this changeset");
  }

  @Test
  void oneThatItInstallsIsNotAndNeitherIsAnyWhereThatCannotBeSeen() {
    for (String script : new String[] {"${prefix}\\python310-x86\\python.exe", "$name-$arch"}) {
      assertThatCode(() -> PYTHON.refuseMissing(dependencies(script))).doesNotThrowAnyException();
    }
  }
}
