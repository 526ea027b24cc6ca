package hgauto.aws;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Sets system properties, which the SDK takes for environment variables, until the test ends. */
final class SystemProperties implements AfterEachCallback {
  private final Map<String, String> before = new HashMap<>();

  void set(String name, Object value) {
    String old = System.setProperty(name, value.toString());
    if (!before.containsKey(name)) {
      before.put(name, old);
    }
  }

  @Override
  public void afterEach(ExtensionContext context) {
    before.forEach(
        (name, old) -> {
          if (old == null) {
            System.clearProperty(name);
          } else {
            System.setProperty(name, old);
          }
        });
    before.clear();
  }
}
