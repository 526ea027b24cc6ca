package hgauto.state;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** Deletes folders with all that is in them. */
public final class Folders {
  private Folders() {}

  /** Deletes the folder if it is there; symbolic links are removed, never followed. */
  public static void delete(Path folder) throws IOException {
    Files.walkFileTree(folder, new Deletion());
  }

  /** What has gone by itself meanwhile is as good as deleted. */
  private static final class Deletion extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult preVisitDirectory(Path entered, BasicFileAttributes attributes) {
      open(entered); // a test may have taken away the permission to delete in it
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path failed, IOException failure) throws IOException {
      if (failure instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE;
      }
      // A folder that nobody may look into gets here instead of preVisitDirectory.
      if (failure instanceof AccessDeniedException
          && Files.isDirectory(failed, LinkOption.NOFOLLOW_LINKS)
          && !Files.isReadable(failed)) {
        open(failed);
        if (Files.isReadable(failed)) {
          delete(failed);
          return FileVisitResult.CONTINUE;
        }
      }
      throw failure;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.deleteIfExists(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path left, IOException failure) throws IOException {
      if (failure != null) {
        throw failure;
      }
      Files.deleteIfExists(left);
      return FileVisitResult.CONTINUE;
    }

    private static void open(Path folder) {
      folder.toFile().setWritable(true);
      folder.toFile().setExecutable(true);
      folder.toFile().setReadable(true);
    }
  }
}
