package hgauto.cli;

import hgauto.windows.build.Arch;
import hgauto.windows.build.PackageChoice;
import hgauto.windows.build.PackageKind;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code hgauto build-windows-wheel}. */
@Command(
    name = "build-windows-wheel",
    header = "Build Mercurial's wheels for Windows.",
    description = {
      "",
      "Builds a wheel for each Python on each architecture, on a machine in EC2 that is ended then."
          + " They come to dist in your checkout. What is named in hgauto-VERSION.json there already"
          + " is not built again.",
      "",
      "Examples:",
      "  hgauto build-windows-wheel -r 7.2                      for the newest Python",
      "  hgauto build-windows-wheel --python-version 3.9 3.10   for two of them",
      ""
    })
final class BuildWindowsWheelCommand implements Callable<Integer>, LoggedCommand {
  private final Session session;

  @Option(
      names = "--python-version",
      paramLabel = "VERSION",
      arity = "1..*",
      split = ",",
      hideParamSyntax = true,
      description =
          "For which Pythons, by spaces or commas, such as 3.9 3.10 (default: the newest that this"
              + " Mercurial supports).")
  private List<String> pythons = List.of();

  @Option(
      names = "--arch",
      paramLabel = "ARCH",
      arity = "1..*",
      split = ",",
      hideParamSyntax = true,
      description = "For which architectures, by spaces or commas: x86, x64, arm64 (default: x64).")
  private List<String> archs = List.of("x64");

  @Mixin private PackageOptions options;

  BuildWindowsWheelCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws InterruptedException {
    List<Arch> chosen = archs.stream().map(Arch::of).toList();
    return options.build(
        session, Optional.of(new PackageChoice(PackageKind.WHEEL, pythons, chosen)));
  }
}
