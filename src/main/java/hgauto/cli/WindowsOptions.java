package hgauto.cli;

import hgauto.aws.image.WindowsBase;
import picocli.CommandLine.Option;

/** What the commands have in common that build or test a changeset on Windows, or make an image. */
final class WindowsOptions {
  @Option(
      names = {"-r", "--rev", "--revision"},
      paramLabel = "REV",
      description = "The changeset, as hg takes it (default: ${DEFAULT-VALUE}).")
  private String revision = ".";

  @Option(
      names = "--base-image-name",
      paramLabel = "NAME",
      description =
          "What the machines are made from: WINDOWS-2019, WINDOWS-2022, WINDOWS-2025, or a pattern"
              + " for the names of Amazon's images (default: ${DEFAULT-VALUE}).")
  private String baseImage = WindowsBase.WINDOWS_2022.title();

  String revision() {
    return revision;
  }

  String baseImage() {
    return baseImage;
  }
}
