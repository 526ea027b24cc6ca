package hgauto.console;

import static org.assertj.core.api.Assertions.assertThat;

import hgauto.testbed.TerminalScreen;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Drawn when the test says so, on a terminal that shows what a person would see. */
class TransferBarsTest {
  private static final long SIZE = 2_000_000;

  private final StringWriter written = new StringWriter();
  private final PrintWriter terminal = new PrintWriter(written);
  private final LiveLines live = new LiveLines(terminal);

  private static Map<String, Long> files(int count) {
    Map<String, Long> files = new LinkedHashMap<>();
    IntStream.range(0, count).forEach(number -> files.put(name(number), SIZE));
    return files;
  }

  private static String name(int number) {
    return "mercurial-7.2.1rc0-cp3%02d-cp3%02d-win_amd64.whl".formatted(number, number);
  }

  private List<String> screen(int rows, int columns) {
    TerminalScreen screen = new TerminalScreen(rows, columns);
    screen.print(written.toString());
    return screen.lines();
  }

  private List<String> screen() {
    return screen(24, 80);
  }

  @Test
  void aBarForEachFileThatIsUnderWayAndOneForAll() {
    try (TransferBars bars = new TransferBars("sent", files(4), Optional.of(live))) {
      live.draw();
      assertThat(screen()).isEmpty();

      bars.at(name(0), SIZE, SIZE);
      bars.at(name(1), SIZE / 2, SIZE);
      bars.at(name(2), 0, SIZE);
      live.draw();

      assertThat(screen())
          .containsExactly(
              name(1) + "  50% [========        ] 2.0 MB",
              name(2) + "   0% [                ] 2.0 MB",
              "1 of 4 files sent                             37% [======          ] 8.0 MB");
    }
  }

  @Test
  void theOneForAllComesToTheEndAndStays() {
    try (TransferBars bars = new TransferBars("sent", files(22), Optional.of(live))) {
      files(22).keySet().forEach(name -> bars.at(name, SIZE / 2, SIZE));
      live.draw();
      files(22).keySet().forEach(name -> bars.at(name, SIZE, SIZE));
    }
    live.print(() -> terminal.println("they are there"));

    assertThat(screen())
        .containsExactly(
            "22 of 22 files sent                          100% [================] 44.0 MB",
            "they are there");
  }

  @ParameterizedTest
  @CsvSource({"24, 80", "50, 200", "10, 80", "24, 40"})
  void moreFilesThanRowsAndALinePrintedMeanwhileGarbleNothing(int rows, int columns) {
    live.print(() -> terminal.println("first"));
    try (TransferBars sent = new TransferBars("sent", files(40), Optional.of(live));
        TransferBars read = new TransferBars("verified", files(40), Optional.of(live))) {
      for (long part = 1; part <= 4; part++) {
        for (String name : files(40).keySet()) {
          sent.at(name, SIZE * part / 4, SIZE);
          live.draw();
        }
        if (part == 2) {
          live.print(() -> terminal.println("printed meanwhile"));
          assertThat(screen(rows, columns)).hasSize(2 + TransferBars.ROWS + 1);
        }
      }
      read.at(name(0), 1, SIZE);
      live.draw();
      assertThat(screen(rows, columns)).hasSize(2 + 1 + 2);
    }

    List<String> seen = screen(rows, columns);
    assertThat(seen.subList(0, 2)).containsExactly("first", "printed meanwhile");
    assertThat(seen).hasSize(4);
    assertThat(seen.get(2)).startsWith("40 of 40 files sent");
    assertThat(seen.get(3)).startsWith("0 of 40 files verified");
  }

  @Test
  void ofALongerLineNothingStays() {
    AtomicReference<String> line = new AtomicReference<>("a longer line");
    Supplier<List<String>> lines = () -> List.of(line.get());
    live.add(lines);
    live.draw();
    line.set("short");
    live.draw();

    assertThat(screen()).containsExactly("short");
    live.end(lines, List.of());
    assertThat(screen()).isEmpty();
  }

  @Test
  void aSecondAttemptBeginsAgain() {
    try (TransferBars bars = new TransferBars("sent", files(1), Optional.of(live))) {
      bars.at(name(0), SIZE, SIZE);
      live.draw();
      assertThat(screen()).hasSize(1).first().asString().contains("1 of 1", "100%");

      bars.at(name(0), SIZE / 4, SIZE);
      live.draw();

      assertThat(screen()).hasSize(2).allMatch(line -> line.contains(" 25% [====  "));
    }
  }

  @Test
  void theLastWordIsTheLast() {
    try (TransferBars bars = new TransferBars("sent", files(3), Optional.of(live))) {
      bars.at(name(0), 1, SIZE);
      live.draw();
      live.stop();
      live.print(() -> terminal.println("interrupted"));
      bars.at(name(0), 2, SIZE);
      live.draw();
    }

    assertThat(screen()).containsExactly("interrupted");
  }

  @Test
  void nothingAtAllIsWrittenWhereNobodyLooks() {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    StringWriter err = new StringWriter();
    for (Descriptors descriptors :
        List.<Descriptors>of(Descriptors.NONE, descriptor -> Optional.of(file))) {
      Console console =
          new Console(
              new PrintWriter(err),
              new PrintWriter(err),
              descriptors,
              false,
              false,
              Keyboard.TERMINAL);
      try (TransferBars bars = console.bars("sent", files(3))) {
        bars.at(name(0), SIZE, SIZE);
      }
    }

    assertThat(err.toString() + file).isEmpty();
  }

  @Test
  void onATerminalTheConsoleShowsThem() {
    Descriptors screen =
        new Descriptors() {
          @Override
          public Optional<OutputStream> bytes(int descriptor) {
            return Optional.empty();
          }

          @Override
          public boolean isScreen() {
            return true;
          }
        };
    Console console = new Console(terminal, terminal, screen, false, false, Keyboard.TERMINAL);
    try (TransferBars bars = console.bars("sent", files(1))) {
      bars.at(name(0), SIZE, SIZE);
    }
    console.info("done");

    assertThat(screen()).hasSize(2).last().isEqualTo("done");
    assertThat(screen().get(0)).startsWith("1 of 1 files sent").contains("100%");
  }
}
