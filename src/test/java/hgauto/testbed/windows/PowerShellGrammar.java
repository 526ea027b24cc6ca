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
  private static final String PARSER = "/hgauto/aws/lease/parse-powershell.py";
  private static final String UNCHECKED = "/hgauto/testbed/windows/unchecked-programs.py";
  private static final Map<String, Optional<String>> PARSED = new ConcurrentHashMap<>();

  private PowerShellGrammar() {}

  /** What is wrong with a script, a line for each; skips the test where the grammar is missing. */
  public static Optional<String> fault(String script) {
    return PARSED.computeIfAbsent(script, it -> said(PARSER, it));
  }

  /**
   * The calls of programs that fail unseen, a line for each: neither does {@code Invoke-Native}
   * make them, nor does the next statement look at their exit code.
   */
  public static Optional<String> unchecked(String script) {
    return said(UNCHECKED, script);
  }

  /** What a program of ours says against it. */
  private static Optional<String> said(String program, String script) {
    try {
      Process parser =
          new ProcessBuilder(Requires.env("HGAUTO_TESTBED_PYTHON"), path(program).toString())
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

  private static Path path(String resource) {
    try {
      return Path.of(PowerShellGrammar.class.getResource(resource).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
