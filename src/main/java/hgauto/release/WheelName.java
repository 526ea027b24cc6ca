package hgauto.release;

import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the name of a wheel of Mercurial says (PEP 427).
 *
 * @param version of Mercurial
 * @param tags each Python, ABI and platform that it is for, such as {@code cp39-cp39-win32}
 */
record WheelName(MercurialVersion version, Set<String> tags) {
  private static final Pattern NAME =
      Pattern.compile("mercurial-([^-]+)(?:-\\d[^-]*)?-([^-]+)-([^-]+)-([^-]+)\\.whl");

  private static final Pattern SEPARATOR = Pattern.compile("\\.");

  /** Empty if it is the name of something else. */
  static Optional<WheelName> of(String fileName) {
    Matcher name = NAME.matcher(fileName);
    if (!name.matches()) {
      return Optional.empty();
    }
    Set<String> tags =
        parts(name.group(2))
            .flatMap(python -> parts(name.group(3)).map(abi -> python + "-" + abi))
            .flatMap(pair -> parts(name.group(4)).map(platform -> pair + "-" + platform))
            .collect(Collectors.toCollection(TreeSet::new));
    return MercurialVersion.ifOne(name.group(1)).map(version -> new WheelName(version, tags));
  }

  /** A part can be several: {@code win32.win_amd64}. */
  private static Stream<String> parts(String part) {
    return SEPARATOR.splitAsStream(part);
  }
}
