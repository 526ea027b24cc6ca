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
    if (program != null) {
      return new Hg(program);
    }
    String fromEnvironment = environment.get("HG");
    return new Hg(fromEnvironment == null || fromEnvironment.isEmpty() ? "hg" : fromEnvironment);
  }
}
