package hgauto.windows.build;

import com.google.gson.JsonObject;
import hgauto.error.EnvironmentException;
import hgauto.error.LeftoverException;
import hgauto.error.MachineLostException;
import hgauto.hg.Changeset;
import hgauto.hg.Checkout;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A Windows machine with what Mercurial is built with, and a clone of it in {@code C:\hgdev\src}.
 * While a script runs, files can be fetched by another thread. All but {@link #name}, {@link #type}
 * and {@link #close} throw a {@link MachineLostException} if the machine is lost.
 */
public interface BuildMachine extends AutoCloseable {
  /** For a person: "i-0a1b (hg-windows-dev in us-west-2)". */
  String name();

  /** Its instance type, which is another than was wanted where there was no room for that. */
  String type();

  /**
   * Pushes the changeset into the clone.
   *
   * @throws EnvironmentException if it cannot be pushed; it says hg's reason
   */
  void push(Checkout checkout, Changeset changeset) throws InterruptedException;

  /**
   * Runs one of the scripts that come with hgauto, as Administrator, to its end. If the calling
   * thread is interrupted, the script and all that it has started are ended first.
   *
   * @param script such as {@code build-wheel.ps1}
   * @param log gets what it prints, as it comes, in UTF-8; not closed
   * @return its exit code
   * @throws hgauto.error.RemoteWorkException if it is not done after {@code atMost}; it is ended
   *     then
   */
  int run(String script, JsonObject parameters, OutputStream log, Duration atMost)
      throws InterruptedException;

  /**
   * Fetches a file.
   *
   * @param remote its path as SFTP has it, {@code /C:/hgdev/packages/…}
   * @param size in bytes
   * @param local is written; what is there is replaced
   * @throws EnvironmentException if it cannot be read there or written here
   */
  void download(String remote, long size, Path local) throws InterruptedException;

  /** What it was for is done: there is no failure to look into. */
  void succeeded();

  /**
   * Ends it.
   *
   * @throws LeftoverException if it could not be ended
   */
  @Override
  void close();
}
