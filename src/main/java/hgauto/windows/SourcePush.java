package hgauto.windows;

import hgauto.error.EnvironmentException;
import hgauto.error.HgautoException;
import hgauto.error.MachineLostException;
import hgauto.hg.Changeset;
import hgauto.hg.Checkout;
import hgauto.hg.Push;
import hgauto.machine.OpenSshAccess;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/** Pushes changesets into {@code C:\hgdev\src} of a machine of ours. */
public final class SourcePush {
  private static final String SOURCE = "c:/hgdev/src";
  private static final String REMOTE_HG = "c:/hgdev/hg.cmd";

  private final WindowsMachine machine;
  private final Path keyFile;

  /**
   * @param keyFile the private key that opens the machine
   */
  public SourcePush(WindowsMachine machine, Path keyFile) {
    this.machine = machine;
    this.keyFile = keyFile;
  }

  /**
   * Pushes one, with its ancestors.
   *
   * @return false if all of it was there already
   * @throws EnvironmentException if it cannot be pushed; it says hg's reason
   * @throws MachineLostException if the machine is lost meanwhile
   */
  public boolean push(Checkout checkout, Changeset changeset) {
    try (OpenSshAccess access = OpenSshAccess.to(machine.ssh(), keyFile)) {
      Push to = new Push(machine.toString(), access.url(SOURCE), access.command(), REMOTE_HG);
      return checkout.push(changeset, to, CompletableFuture.completedFuture(null));
    } catch (EnvironmentException e) {
      throw machine
          .whyLost()
          .<HgautoException>map(why -> new MachineLostException(e.what(), why, e.next(), e))
          .orElse(e);
    }
  }
}
