package hgauto.testbed.windows;

import java.io.IOException;

/** What a script does on a machine that stands in for a Windows one. */
@FunctionalInterface
public interface Play {
  /**
   * Does it. What it throws ends the script with 1, as an error does in PowerShell.
   *
   * @return the exit code
   */
  int run(ScriptRun run) throws IOException, InterruptedException;
}
