package hgauto.tryserver;

import hgauto.resource.Resource;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** The style sheet and the script that stand in each page, and the policy that admits just them. */
public final class PageAssets {
  /** The style sheet. */
  public static final String STYLE = Resource.text(PageAssets.class, "style.css");

  /** Follows a live log; the pages do without. */
  public static final String SCRIPT = Resource.text(PageAssets.class, "follow-log.js");

  /** The policy for a page's own {@code <meta>}, where there is no server to send the header. */
  public static final String POLICY =
      "default-src 'none'; style-src "
          + hash(STYLE)
          + "; script-src "
          + hash(SCRIPT)
          + "; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'";

  private PageAssets() {}

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
