package hgauto.testbed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A small repository with those files by which packages for Windows are known to be built. */
public final class WindowsSource {
  private WindowsSource() {}

  /** Makes the repository in a new folder, of one draft changeset. */
  public static HgRepository create(Path root) throws IOException {
    HgRepository made = HgRepository.create(Files.createDirectories(root));
    made.write(".hgignore", "^dist/")
        .write("mercurial/commands.py", "")
        .write("pyproject.toml", "")
        .write("contrib/install-windows-dependencies.ps1", "'it'\n")
        .write("contrib/packaging/packaging.py", "")
        .write("contrib/packaging/hgpackaging/py2exe.py", "")
        .write("contrib/packaging/hgpackaging/pyoxidizer.py", "")
        .commit("a release");
    return made;
  }
}
