package hgauto.cli;

import hgauto.error.EnvironmentException;
import hgauto.state.Reason;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.PropertiesDefaultProvider;

/**
 * Defaults for options from the file {@code config} in the state folder. Its form is that of Java's
 * properties in UTF-8, with picocli's keys: the command, a dot, and the option's longest name
 * without its dashes, as in {@code hgauto.try.server = embedded}.
 */
final class ConfigDefaults implements IDefaultValueProvider {
  private final Path file;
  private PropertiesDefaultProvider defaults;

  ConfigDefaults(Path file) {
    this.file = file;
  }

  @Override
  public String defaultValue(ArgSpec option) throws Exception {
    if (option instanceof OptionSpec named && named.longestName().equals(Hgauto.STATE_PATH)) {
      return null; // the file lies in the folder that it would name
    }
    if (defaults == null) {
      defaults = new PropertiesDefaultProvider(read());
    }
    return defaults.defaultValue(option);
  }

  /**
   * The lines of the file that give no option a default.
   *
   * @param root with the commands that run now
   * @param others prefixes of the lines that are for other commands, which are not looked at
   */
  List<String> unknownKeys(CommandLine root, List<String> others) {
    Set<String> unknown = new TreeSet<>(read().stringPropertyNames());
    unknown.removeAll(keys(root));
    root.getSubcommands().values().forEach(command -> unknown.removeAll(keys(command)));
    unknown.removeIf(key -> others.stream().anyMatch(key::startsWith));
    return List.copyOf(unknown);
  }

  private static List<String> keys(CommandLine command) {
    String prefix = command.getCommandSpec().qualifiedName(".") + ".";
    return command.getCommandSpec().options().stream()
        .filter(option -> !option.longestName().equals(Hgauto.STATE_PATH))
        .filter(option -> !option.inherited()) // its default is that of the command above
        .map(option -> prefix + option.longestName().replaceFirst("^-+", ""))
        .toList();
  }

  private Properties read() {
    Properties properties = new Properties();
    if (Files.isRegularFile(file)) {
      try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
        properties.load(reader);
      } catch (IOException | IllegalArgumentException e) {
        throw new EnvironmentException(
            "cannot read the defaults in " + file,
            e instanceof IOException io ? Reason.of(io) : e.getMessage(),
            "Mend the file; see hgauto --help for its form.",
            e);
      }
    }
    return properties;
  }
}
