package hgauto.cli;

import hgauto.hg.Checkout;
import hgauto.hg.Hg;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Option;

/** Which Mercurial to run, and on which checkout. */
final class MercurialOptions {
  @Option(
      names = {"-R", "--repository"},
      paramLabel = "DIR",
      description = "A folder in the checkout (default: the current one).")
  private Path repository = Path.of("");

  @Option(
      names = "--hg",
      paramLabel = "PROGRAM",
      description = "Mercurial's program (default: the one in $HG, else hg on the PATH).")
  private String program;

  Path folder() {
    return repository;
  }

  Checkout checkout(Hg hg) {
    return Checkout.find(repository, hg);
  }

  Hg hg(Map<String, String> environment) {
    String fromEnvironment = environment.getOrDefault("HG", "");
    String named = program != null ? program : fromEnvironment.isEmpty() ? "hg" : fromEnvironment;
    // A path is meant from where the person is, though hg runs elsewhere; a name is on the PATH.
    boolean isPath = Path.of(named).getNameCount() > 1;
    return new Hg(isPath ? Path.of(named).toAbsolutePath().toString() : named);
  }
}
