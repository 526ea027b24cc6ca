package hgauto.cli;

import hgauto.console.Descriptors;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.Optional;

/** Those of this process. */
final class StandardStreams implements Descriptors {
  private final Map<String, String> environment;

  StandardStreams(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public boolean isScreen() {
    return !"dumb".equals(environment.get("TERM")) && isTerminal(ERR);
  }

  @Override
  public Optional<OutputStream> bytes(int descriptor) {
    return isTerminal(descriptor)
        ? Optional.empty()
        : Optional.of(
            new FileOutputStream(descriptor == OUT ? FileDescriptor.out : FileDescriptor.err));
  }

  /** Java itself tells only whether input and output both are one. */
  private static boolean isTerminal(int descriptor) {
    try {
      return new ProcessBuilder("test", "-t", Integer.toString(descriptor))
              .inheritIO()
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return true; // what is made harmless does no harm
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }
}
