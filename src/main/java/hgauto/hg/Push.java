package hgauto.hg;

import hgauto.error.EnvironmentException;
import hgauto.process.LocalProgram;
import hgauto.resource.Resource;
import hgauto.state.Folders;
import hgauto.state.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where a changeset is pushed to.
 *
 * @param what the place for a person, such as "i-0a1b (hg-linux-dev in us-west-2)"
 * @param url of the repository: {@code ssh://hg@builder//hgwork/src}
 * @param ssh the program that connects, with its arguments, as {@code ui.ssh} has it
 * @param remoteHg path of hg there
 */
public record Push(String what, String url, String ssh, String remoteHg) {
  private static final String EXTENSION = "read_only.py";

  /** Hg says so by its exit code. */
  private static final int NOTHING_TO_PUSH = 1;

  /**
   * Pushes the changeset with what it needs, and those that set tags. Nothing changes in the
   * repository: its hooks do not run, and no phase moves.
   *
   * @param ready hg starts before, connects then, and ends when this process does
   * @return false if all of it was there already
   */
  boolean run(Hg hg, Path root, Changeset changeset, CompletableFuture<Void> ready) {
    try {
      Path folder = Files.createTempDirectory("hgauto-push-");
      Path extension = folder.resolve(EXTENSION);
      folder.toFile().deleteOnExit(); // Ctrl-C comes to no "finally"
      extension.toFile().deleteOnExit();
      try {
        Files.write(extension, Resource.bytes(Push.class, EXTENSION));
        return run(hg.with("PYTHONDONTWRITEBYTECODE", "1"), root, changeset, ready, extension);
      } finally {
        Folders.delete(folder);
      }
    } catch (IOException e) {
      throw new EnvironmentException(
          "cannot push changeset " + changeset.shortNode(),
          Reason.of(e),
          "Free some space in the folder for temporary files.",
          e);
    }
  }

  private boolean run(
      Hg hg, Path root, Changeset changeset, CompletableFuture<Void> ready, Path extension) {
    LocalProgram.Result result =
        hg.attemptWhen(
            ready,
            root,
            List.of(
                "push",
                "--config=extensions.hgauto_read_only=" + extension,
                "--config=hgauto.ssh=" + ssh,
                "--config=ui.ssh=false", // in case that hg goes on without the extension
                "--config=experimental.remotenames=no", // would write here after the push
                "--remotecmd=" + remoteHg,
                "--force", // new heads are welcome there
                "--rev=" + changeset.node(),
                "--rev=public() and file('path:.hgtags')", // the version of a build comes from tags
                url));
    if (result.exitCode() != 0 && result.exitCode() != NOTHING_TO_PUSH) {
      throw new EnvironmentException(
          "cannot push changeset " + changeset.shortNode() + " to " + what,
          reason(result),
          "Mend what it says, and run the command again.");
    }
    return result.exitCode() == 0;
  }

  /** What the other side said comes on standard output. */
  private static String reason(LocalProgram.Result result) {
    String said =
        Stream.concat(
                result.out().lines().filter(line -> line.startsWith("remote: ")),
                result.err().lines())
            .map(line -> line.startsWith("abort: ") ? line.substring("abort: ".length()) : line)
            .collect(Collectors.joining("\n"));
    return said.isBlank() ? Hg.reason(result) : said;
  }
}
