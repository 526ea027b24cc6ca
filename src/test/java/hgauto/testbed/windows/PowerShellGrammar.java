package hgauto.testbed.windows;

import hgauto.testbed.Requires;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** PowerShell's grammar, as tree-sitter has it. It is all that is known here of PowerShell. */
public final class PowerShellGrammar {
  private static final Map<String, Optional<String>> PARSED = new ConcurrentHashMap<>();

  private PowerShellGrammar() {}

  /** What is wrong with a script, a line for each; skips the test where the grammar is missing. */
  public static Optional<String> fault(String script) {
    return PARSED.computeIfAbsent(script, PowerShellGrammar::parse);
  }

  private static Optional<String> parse(String script) {
    try {
      Process parser =
          new ProcessBuilder(Requires.env("HGAUTO_TESTBED_PYTHON"), program().toString())
              .redirectErrorStream(true)
              .start();
      try (OutputStream in = parser.getOutputStream()) {
        in.write(script.getBytes(StandardCharsets.UTF_8));
      }
      String said = new String(parser.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return parser.waitFor() == 0 ? Optional.empty() : Optional.of(said);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Path program() {
    try {
      return Path.of(
          PowerShellGrammar.class.getResource("/hgauto/aws/lease/parse-powershell.py").toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
