package hgauto.release;

import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the name of a wheel of Mercurial says (PEP 427).
 *
 * @param version of Mercurial
 * @param tags each Python, ABI and platform that it is for, such as {@code cp39-cp39-win32}
 */
record WheelName(MercurialVersion version, Set<String> tags) {
  private static final Pattern NAME =
      Pattern.compile("mercurial-([^-]+)(?:-\\d[^-]*)?-([^-]+)-([^-]+)-([^-]+)\\.whl");

  private static final Pattern SET = Pattern.compile("\\.");

  /** Empty if it is the name of something else. */
  static Optional<WheelName> of(String fileName) {
    Matcher name = NAME.matcher(fileName);
    if (!name.matches()) {
      return Optional.empty();
    }
    Set<String> tags = new TreeSet<>();
    for (String python : SET.split(name.group(2), -1)) {
      for (String abi : SET.split(name.group(3), -1)) {
        for (String platform : SET.split(name.group(4), -1)) {
          tags.add(python + "-" + abi + "-" + platform);
        }
      }
    }
    return MercurialVersion.ifOne(name.group(1)).map(version -> new WheelName(version, tags));
  }
}
