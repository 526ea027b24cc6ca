package hgauto.testbed.machine;

import hgauto.state.Folders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * The layer that makes an image of ours of Debian's: {@code ready-image.sh} run in a machine. It is
 * made once, in a few seconds, and kept under {@code target/testbed}.
 */
final class ReadyImage {
  private static final String SOURCE = "/mnt/mercurial";

  private ReadyImage() {}

  /** Where it is; it must not be changed. */
  static Path layer() {
    Path repository = MercurialRepository.path();
    Path script = TestMachine.resource("ready-image.sh");
    return Kept.folder(
        "ready-" + madeOf(script, repository), work -> make(script, repository, work));
  }

  private static void make(Path script, Path repository, Path work) throws IOException {
    Path folder = work.resolveSibling(work.getFileName() + "-machine");
    Folders.delete(folder); // of a process that was killed
    MachineSpec spec =
        MachineSpec.debian()
            .userData("#cloud-config\n{\"users\": [], \"ssh_keys\": {}}\n")
            .bind(repository, SOURCE)
            .bind(script.getParent(), "/mnt/scripts")
            .script(List.of("sh", "/mnt/scripts/" + script.getFileName(), SOURCE));
    try (TestMachine machine = TestMachine.start(spec, folder)) {
      Files.delete(work);
      machine.copyLayer(work);
    }
    Folders.delete(folder);
  }

  /** A name for it, which is another where it would become another. */
  private static String madeOf(Path script, Path repository) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(repository.toString().getBytes(StandardCharsets.UTF_8));
      for (Path file :
          List.of(
              script, Path.of("/etc/os-release"), Path.of("/etc/passwd"), Path.of("/etc/group"))) {
        digest.update(Files.readAllBytes(file));
      }
      return HexFormat.of().formatHex(digest.digest(), 0, 8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
