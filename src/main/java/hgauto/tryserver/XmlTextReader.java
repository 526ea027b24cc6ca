package hgauto.tryserver;

import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;

/**
 * Puts U+FFFD in place of the characters that XML does not allow. run-tests.py takes out only the
 * control characters; one U+FFFF in the output of a test would otherwise hide the whole report.
 */
final class XmlTextReader extends FilterReader {
  XmlTextReader(Reader in) {
    super(in);
  }

  @Override
  public int read() throws IOException {
    int c = super.read();
    return c < 0 ? c : allowed((char) c);
  }

  @Override
  public int read(char[] buffer, int offset, int length) throws IOException {
    int count = super.read(buffer, offset, length);
    for (int i = offset; i < offset + count; i++) {
      buffer[i] = allowed(buffer[i]);
    }
    return count;
  }

  private static char allowed(char c) {
    boolean control = c < ' ' && c != '\t' && c != '\n' && c != '\r';
    return control || c >= '\ufffe' ? '\ufffd' : c;
  }
}
