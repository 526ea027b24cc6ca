package hgauto.task;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The browser of whoever sits at this machine. */
public final class Browser {
  private static final Logger LOG = LoggerFactory.getLogger(Browser.class);

  private final String opener;

  /**
   * @param opener a program that opens the address given to it
   */
  public Browser(String opener) {
    this.opener = opener;
  }

  /** The program that this system has for the purpose. */
  public static Browser ofThisSystem() {
    if (File.separatorChar == '\\') {
      return new Browser("explorer");
    }
    boolean mac = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac");
    return new Browser(mac ? "open" : "xdg-open");
  }

  /** Shows the address; returns false where no browser could be started. */
  boolean open(URI address) {
    try {
      new ProcessBuilder(List.of(opener, address.toString()))
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start();
      return true;
    } catch (IOException e) {
      LOG.info("cannot start {}", opener, e);
      return false;
    }
  }
}
