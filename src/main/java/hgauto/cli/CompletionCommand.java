package hgauto.cli;

import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code hgauto generate-completion}. */
@Command(
    name = "generate-completion",
    header = "Print a script that completes commands and options in bash and zsh.",
    description = {"", "To use it in this shell: source <(hgauto generate-completion)", ""})
final class CompletionCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    CommandLine root = spec.root().commandLine();
    root.getOut().print(AutoComplete.bash(root.getCommandName(), root));
    root.getOut().flush();
  }
}
