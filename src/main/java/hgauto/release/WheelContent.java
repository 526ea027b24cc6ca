package hgauto.release;

import static java.nio.charset.StandardCharsets.UTF_8;

import hgauto.error.UsageException;
import hgauto.state.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** What is in a wheel (PEP 427), which has to agree with its name. */
final class WheelContent implements AutoCloseable {
  private static final String HASH = "sha256=";

  private final ZipFile zip;
  private final Path wheel;
  private final String info;

  private WheelContent(Path wheel, WheelName name) throws IOException {
    this.wheel = wheel;
    this.zip = new ZipFile(wheel.toFile());
    this.info = "mercurial-" + name.version() + ".dist-info/";
  }

  /**
   * Compares the whole of it with its name, and with its own record of what is in it.
   *
   * @throws UsageException where they differ, or it cannot be read to its end
   */
  static void check(Path wheel, WheelName name) {
    try (WheelContent content = new WheelContent(wheel, name)) {
      content.expect("Name", List.of("mercurial"), content.metadata("Name"));
      content.expect(
          "Version", List.of(name.version().text()), content.headers("METADATA", "Version"));
      content.expect(
          "Tag",
          List.copyOf(name.tags()),
          List.copyOf(new TreeSet<>(content.headers("WHEEL", "Tag"))));
      content.compareWithRecord();
    } catch (IOException e) {
      throw refused(wheel, "it cannot be read: " + Reason.of(e));
    }
  }

  /** Names are compared as PEP 503 says: Mercurial is mercurial. */
  private List<String> metadata(String header) throws IOException {
    return headers("METADATA", header).stream().map(it -> it.toLowerCase(Locale.ROOT)).toList();
  }

  private void expect(String header, List<String> byName, List<String> inside) {
    if (!inside.equals(byName)) {
      throw refused(
          wheel,
          "inside, its "
              + header
              + " is "
              + String.join(", ", inside)
              + "; its name says "
              + String.join(", ", byName));
    }
  }

  /** The values of a header of one of its files, which are laid out like mail (RFC 822). */
  private List<String> headers(String file, String header) throws IOException {
    String prefix = header + ":";
    return text(file)
        .lines()
        .takeWhile(line -> !line.isEmpty())
        .filter(line -> line.startsWith(prefix))
        .map(line -> line.substring(prefix.length()).strip())
        .toList();
  }

  private String text(String file) throws IOException {
    ZipEntry entry = zip.getEntry(info + file);
    if (entry == null) {
      throw refused(wheel, "it has no " + info + file);
    }
    try (InputStream in = zip.getInputStream(entry)) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  private void compareWithRecord() throws IOException {
    Map<String, String> recorded = record();
    Set<String> files =
        zip.stream()
            .filter(entry -> !entry.isDirectory())
            .map(ZipEntry::getName)
            .collect(Collectors.toCollection(TreeSet::new));
    if (!files.equals(recorded.keySet())) {
      Set<String> different = new TreeSet<>(files);
      different.addAll(recorded.keySet());
      different.removeIf(file -> files.contains(file) && recorded.containsKey(file));
      throw refused(wheel, "its RECORD does not agree on " + String.join(", ", different));
    }
    for (Map.Entry<String, String> file : recorded.entrySet()) {
      if (!file.getKey().equals(info + "RECORD")) { // which cannot have its own
        if (!file.getValue().startsWith(HASH)) {
          throw refused(wheel, "its RECORD has no SHA-256 of " + file.getKey());
        }
        try (InputStream in = zip.getInputStream(zip.getEntry(file.getKey()))) {
          byte[] digest = HexFormat.of().parseHex(Sha256.of(in));
          String hash = HASH + Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
          if (!hash.equals(file.getValue())) {
            throw refused(wheel, file.getKey() + " in it is not as its RECORD says");
          }
        }
      }
    }
  }

  /** The hash of each file by its name, as CSV: RECORD itself has none. */
  private Map<String, String> record() throws IOException {
    Map<String, String> hashes = new TreeMap<>();
    for (String line : text("RECORD").lines().filter(line -> !line.isBlank()).toList()) {
      int size = line.lastIndexOf(',');
      int hash = line.lastIndexOf(',', size - 1);
      if (hash < 0) {
        throw refused(wheel, "its RECORD has a line that is none: " + line);
      }
      String file = line.substring(0, hash);
      hashes.put(
          file.startsWith("\"") ? file.substring(1, file.length() - 1).replace("\"\"", "\"") : file,
          line.substring(hash + 1, size));
    }
    return hashes;
  }

  private static UsageException refused(Path wheel, String why) {
    return new UsageException(
        wheel + " is not the wheel that its name says", why, "Build it anew; it is not published.");
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }
}
