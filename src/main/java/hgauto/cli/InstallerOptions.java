package hgauto.cli;

import hgauto.windows.build.Arch;
import hgauto.windows.build.PackageChoice;
import hgauto.windows.build.PackageKind;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the commands have in common that build installers for Windows. */
final class InstallerOptions {
  @Option(
      names = "--python-version",
      paramLabel = "VERSION",
      arity = "1..*",
      split = ",",
      hideParamSyntax = true,
      description =
          "Which Pythons they bring along, by spaces or commas: 3, and up to Mercurial 6.1 also 2"
              + " (default: 3).")
  private List<String> pythons = List.of("3");

  @Option(
      names = "--arch",
      paramLabel = "ARCH",
      arity = "1..*",
      split = ",",
      hideParamSyntax = true,
      description = "For which architectures, by spaces or commas: x86, x64 (default: x64).")
  private List<String> archs = List.of("x64");

  @Mixin private PackageOptions options;

  /** Builds installers of that kind, and returns the exit code. */
  int build(Session session, PackageKind kind) throws InterruptedException {
    List<Arch> chosen = archs.stream().map(Arch::of).toList();
    return options.build(session, Optional.of(new PackageChoice(kind, pythons, chosen)));
  }
}
