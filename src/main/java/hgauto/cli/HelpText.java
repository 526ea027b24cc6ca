package hgauto.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The help of {@code hgauto} alone. The build writes it into the jar, since to make it from the
 * commands' annotations takes longer than all else that a start does.
 */
final class HelpText {
  private static final String RESOURCE = "help.txt";

  private HelpText() {}

  /** Writes the text to the file that the build names. */
  public static void main(String[] args) throws IOException {
    Files.writeString(Path.of(args[0]), make());
  }

  /** The text, made anew from the annotations. */
  static String make() {
    StringWriter text = new StringWriter();
    PrintWriter nowhere = new PrintWriter(new StringWriter());
    new Main(Map.of(), new PrintWriter(text), nowhere).run("--state-path", "/dev/null", "--help");
    return text.toString();
  }

  /** The text if these arguments ask for it and nothing else. */
  static Optional<String> ifAskedFor(List<String> arguments) {
    if (!arguments.isEmpty()
        && !arguments.equals(List.of("--help"))
        && !arguments.equals(List.of("-h"))) {
      return Optional.empty();
    }
    try (InputStream text = HelpText.class.getResourceAsStream(RESOURCE)) {
      return text == null
          ? Optional.empty()
          : Optional.of(new String(text.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      return Optional.empty(); // it can be made anew
    }
  }
}
