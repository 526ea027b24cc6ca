package hgauto.state;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The debug log of a run: a file under {@code logs/} in the state folder, 0600, with times in UTC.
 * The AWS SDK logs at level INFO only, since below it writes down whole requests.
 */
public final class DebugLog {
  /** How many log files are kept. */
  private static final int KEEP = 50;

  private DebugLog() {}

  /**
   * Starts logging, and removes the oldest logs beyond the newest fifty.
   *
   * @param command is in the file's name
   * @param verbose whether the log goes to standard error as well
   * @return the file
   */
  public static Path start(StateFolder state, String command, boolean verbose) {
    Path file = create(state, command);
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    FileAppender<ILoggingEvent> toFile = new FileAppender<>();
    toFile.setFile(file.toString());
    attach(context, toFile);
    if (verbose) {
      ConsoleAppender<ILoggingEvent> toConsole = new ConsoleAppender<>();
      toConsole.setTarget("System.err");
      attach(context, toConsole);
    }
    context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.INFO);
    context.getLogger("hgauto").setLevel(Level.DEBUG);
    return file;
  }

  /**
   * Makes an empty log, for a run or a part of one, and removes the oldest beyond the newest fifty.
   *
   * @param of is in the file's name
   */
  public static Path create(StateFolder state, String of) {
    Path folder = state.logs();
    Path file =
        folder.resolve(
            time(Instant.now()) + "-" + of + "-" + ProcessHandle.current().pid() + ".log");
    try {
      PrivateFiles.createFile(file);
      prune(folder);
    } catch (IOException e) {
      throw state.unusable(Reason.of(e), e);
    }
    return file;
  }

  private static void attach(LoggerContext context, OutputStreamAppender<ILoggingEvent> appender) {
    LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
    encoder.setCharset(StandardCharsets.UTF_8);
    encoder.setLayout(new LogLine());
    encoder.start();
    appender.setContext(context);
    appender.setEncoder(encoder);
    appender.start();
    context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(appender);
  }

  /** Such as 20260131T235959, in UTC. */
  private static String time(Instant now) {
    return now.truncatedTo(ChronoUnit.SECONDS).toString().replaceAll("[-:Z]", "");
  }

  private static void prune(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> old =
          files
              .filter(file -> file.getFileName().toString().endsWith(".log"))
              .sorted(Comparator.comparing(Path::getFileName).reversed())
              .skip(KEEP)
              .toList();
      for (Path file : old) {
        Files.deleteIfExists(file);
      }
    }
  }
}
