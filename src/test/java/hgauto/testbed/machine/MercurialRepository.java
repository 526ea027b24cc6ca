package hgauto.testbed.machine;

import hgauto.testbed.HgRepository;
import hgauto.testbed.Requires;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;

/**
 * Mercurial's source release as a repository: one public changeset, the same in each clone. It is
 * made once, in half a minute, and kept under {@code target/testbed}.
 */
public final class MercurialRepository {
  private MercurialRepository() {}

  /** Where it is; it must not be changed. Skips the test where the source is missing. */
  static Path path() {
    Path source = Path.of(Requires.env("HGAUTO_MERCURIAL_SOURCE"));
    return Kept.folder(
        "repository-" + source.getFileName(),
        made -> {
          copy(source, made);
          HgRepository repository = HgRepository.create(made);
          repository.commit("Mercurial's source release");
          repository.hg("phase", "--public", "--rev=.");
        });
  }

  /** Clones it into a folder that is not there yet, and checks its one changeset out. */
  public static HgRepository cloneInto(Path root) {
    return HgRepository.cloneOf(path(), root);
  }

  private static void copy(Path source, Path target) {
    try (Stream<Path> files = Files.walk(source)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Path copy = target.resolve(source.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(file, copy, LinkOption.NOFOLLOW_LINKS, StandardCopyOption.COPY_ATTRIBUTES);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
