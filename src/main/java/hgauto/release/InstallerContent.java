package hgauto.release;

import hgauto.error.UsageException;
import hgauto.state.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.poi.hpsf.ClassID;
import org.apache.poi.poifs.filesystem.DirectoryEntry;
import org.apache.poi.poifs.filesystem.DocumentEntry;
import org.apache.poi.poifs.filesystem.DocumentInputStream;
import org.apache.poi.poifs.filesystem.Entry;
import org.apache.poi.poifs.filesystem.POIFSFileSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether an installer is what its name says, and is there to its end, as far as it tells. */
final class InstallerContent {
  private static final Logger LOG = LoggerFactory.getLogger(InstallerContent.class);

  /** CLSID_MsiPackage: the class of the root of every msi. */
  private static final ClassID MSI_PACKAGE = new ClassID("{000C1084-0000-0000-C000-000000000046}");

  private InstallerContent() {}

  /**
   * Reads it.
   *
   * @throws UsageException if it is none, or is cut off
   */
  static void check(ReleaseFile installer) {
    Path file = installer.file();
    try {
      if (installer.kind() == ReleaseFile.Kind.MSI) {
        checkMsi(file);
      } else {
        ExeHeaders.check(file);
      }
    } catch (IOException e) {
      LOG.debug("{} is refused", file, e);
      throw new UsageException(
          file + " is not the installer that its name says",
          Reason.of(e),
          "Build it anew; it is not published.");
    }
  }

  private static void checkMsi(Path file) throws IOException {
    try (POIFSFileSystem msi = new POIFSFileSystem(file.toFile(), true)) {
      if (!msi.getRoot().getStorageClsid().equals(MSI_PACKAGE)) {
        throw new IOException("it is an OLE compound file, but no package of Windows Installer");
      }
      // POI makes up what is missing of the last sector
      if (Files.size(file) % msi.getBigBlockSize() != 0) {
        throw new IOException("it is cut off within its last sector");
      }
      readThrough(msi.getRoot());
    } catch (RuntimeException e) { // POI has many for a file that is cut off, or leads in circles
      throw new IOException("it is cut off or damaged: " + e.getMessage(), e);
    }
  }

  private static void readThrough(DirectoryEntry folder) throws IOException {
    for (Entry entry : folder) {
      if (entry instanceof DirectoryEntry inner) {
        readThrough(inner);
      } else if (entry instanceof DocumentEntry document) {
        try (InputStream content = new DocumentInputStream(document)) {
          content.transferTo(OutputStream.nullOutputStream());
        }
      }
    }
  }
}
