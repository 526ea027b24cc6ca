package hgauto.suite;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hgauto.error.EnvironmentException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShardStreamTest {
  /** From a run of Mercurial 6.9.5's own run-tests.py, three tests at once. */
  private static final String PRINTED =
      """
      running 7 tests using 3 parallel processes\s
      .
      --- /hgwork/src/tests/test-half.t
      +++ /hgwork/results/test-half.t.err
      @@ -1,2 +1,3 @@
         $ sleep 0.2; echo -- x; printf half
      --- y
      +  -- x
      +  half (no-eol)

      ERROR: test-half.t output changed
      !...
      --- /hgwork/src/tests/test-cases.t
      +++ /hgwork/results/test-cases.t#one.err
      @@ -2,5 +2,5 @@
         $ echo one
      -  two
      +  one

      ERROR: test-cases.t#one output changed
      !.
      ERROR: test-exit.t output changed
      !s........................................................................ [75]
      ..
      Skipped test-skip.t: missing feature: Windows
      Failed test-cases.t#one: output changed
      Failed test-exit.t: returned error code 3
      Failed test-half.t: output changed
      # Ran 6 tests, 1 skipped, 3 failed.
      python hash seed: 1469201223
      """;

  private static final Set<String> TESTS =
      Set.of("test-half.t", "test-cases.t#one", "test-exit.t", "test-skip.t", "test-a.t");

  @TempDir private Path folder;
  private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
  private ShardStream stream;

  @BeforeEach
  void beginTheStream() {
    stream = new ShardStream(folder, shown, line -> {});
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 100, 10_000})
  void failuresAreShownWholeAndAllElseOnlyInTheEnd(int chunk) throws IOException {
    ShardOutput output = output(1, "builder", chunk, PRINTED);
    assertThat(shown.toString(UTF_8))
        .isEqualTo(
            """

            # builder:
            --- /hgwork/src/tests/test-half.t
            +++ /hgwork/results/test-half.t.err
            @@ -1,2 +1,3 @@
               $ sleep 0.2; echo -- x; printf half
            --- y
            +  -- x
            +  half (no-eol)
            ERROR: test-half.t output changed

            # builder:
            --- /hgwork/src/tests/test-cases.t
            +++ /hgwork/results/test-cases.t#one.err
            @@ -2,5 +2,5 @@
               $ echo one
            -  two
            +  one
            ERROR: test-cases.t#one output changed

            # builder:
            ERROR: test-exit.t output changed
            """);
    assertThat(folder.resolve("machine-1.txt")).hasContent(PRINTED);
    assertThat(output.totals()).hasValue(new ShardOutput.Totals(6, 1, 3));
  }

  @Test
  void theSummariesBecomeOne() throws IOException {
    ShardOutput one = output(1, "builder", 10_000, PRINTED);
    ShardOutput other =
        output(
            2,
            "tester",
            10_000,
            """

            Skipped test-a.t: missing feature: x
            Errored test-b.t: Traceback (most recent call last):
              File "run-tests.py", line 1
            KeyError: 'x'

            # Ran 1 tests, 1 skipped, 0 failed.
            """);
    shown.reset();
    ShardRun lost =
        run(
            output(3, "lost", 10_000, ""),
            List.of(
                new TestEnd("test-c.t", "ok", 1),
                new TestEnd("test-d.t", "failed", 1),
                new TestEnd("test-e.t", "skipped", 0)));
    new SuiteSummary(List.of(run(one, List.of()), run(other, List.of()), lost), List.of("test-f.t"))
        .writeTo(shown);
    assertThat(shown.toString(UTF_8))
        .isEqualTo(
            """

            Skipped test-a.t: missing feature: x
            Skipped test-e.t: (run-tests.py came to no end there)
            Skipped test-skip.t: missing feature: Windows
            Failed test-cases.t#one: output changed
            Failed test-d.t: (run-tests.py came to no end there)
            Failed test-exit.t: returned error code 3
            Failed test-half.t: output changed
            Errored test-b.t: Traceback (most recent call last):
              File "run-tests.py", line 1
            KeyError: 'x'

            No verdict test-f.t: it came to no end
            # Ran 9 tests, 3 skipped, 4 failed.
            # builder:
            python hash seed: 1469201223
            """);
  }

  /** run-tests.py may print of other tests between a difference and its "ERROR:". */
  @Test
  void aFailureIsOnePieceThoughAnotherCameInBetween() throws IOException {
    output(
        1,
        "builder",
        10_000,
        """

        --- a/test-a.t
        +++ a/test-a.t.err
        @@ -1 +1 @@
        -a

        --- a/test-half.t
        +++ a/test-half.t.err
        @@ -1 +1 @@
        -half

        ERROR: test-a.t output changed
        !.
        ERROR: test-half.t output changed
        !
        """);
    assertThat(shown.toString(UTF_8))
        .isEqualTo(
            """

            # builder:
            --- a/test-a.t
            +++ a/test-a.t.err
            @@ -1 +1 @@
            -a
            ERROR: test-a.t output changed

            # builder:
            --- a/test-half.t
            +++ a/test-half.t.err
            @@ -1 +1 @@
            -half
            ERROR: test-half.t output changed
            """);
  }

  /** A difference may end in half a line, as the output of a test does. */
  @Test
  void aDifferenceThatEndsInHalfALineTakesNothingOfTheNext() throws IOException {
    output(
        1,
        "builder",
        10_000,
        """

        --- a/test-a.t
        +++ a/test-a.t.err
        +half a line
        --- a/test-half.t
        +++ a/test-half.t.err
        +more

        ERROR: test-half.t output changed
        !
        ERROR: test-a.t output changed
        """);
    assertThat(shown.toString(UTF_8))
        .contains("# builder:\n--- a/test-half.t\n+++ a/test-half.t.err\n+more\nERROR: test-half.t")
        .contains("# builder:\n--- a/test-a.t\n+++ a/test-a.t.err\n+half a line\nERROR: test-a.t");
  }

  @Test
  void machinesThatPrintAtOnceAreNotMixed() throws IOException {
    try (OutputStream one = open("builder", 1);
        OutputStream other = open("tester", 2)) {
      write(one, "\n--- a/test-a.t\n+++ a/test-a.t.err\n-one");
      write(other, "\n--- a/test-half.t\n+++ a/test-half.t.err\n-other");
      write(one, " more\n\nERROR: test-a.t out");
      assertThat(shown.size()).isZero();
      write(other, " more\n\nERROR: test-half.t output changed\n");
      write(one, "put changed\n");
    }
    assertThat(shown.toString(UTF_8))
        .isEqualTo(
            """

            # tester:
            --- a/test-half.t
            +++ a/test-half.t.err
            -other more
            ERROR: test-half.t output changed

            # builder:
            --- a/test-a.t
            +++ a/test-a.t.err
            -one more
            ERROR: test-a.t output changed
            """);
  }

  /** With -v there is a line for each test, and nobody wants to wait for it. */
  @Test
  void otherLinesAreShownAtOnce() throws IOException {
    OutputStream output = open("builder", 1);
    write(output, "test-a.t ... ok\ntest-half.t ...");
    assertThat(shown.toString(UTF_8)).isEqualTo("\n# builder:\ntest-a.t ... ok\n");
    write(output, " ok\n");
    assertThat(shown.toString(UTF_8)).endsWith("\n# builder:\ntest-half.t ... ok\n");
    output.close();
  }

  @Test
  void whatAMachineDidNotBringToItsEndIsShownWhenItIsLost() throws IOException {
    output(1, "builder", 10_000, "..\n--- a/test-a.t\n+++ a/test-a.t.err\n-the rest is lo");
    assertThat(shown.toString(UTF_8))
        .isEqualTo("\n# builder:\n--- a/test-a.t\n+++ a/test-a.t.err\n-the rest is lo\n");
  }

  @Test
  void aMachineThatRunsTestsAgainAppendsToItsFile() throws IOException {
    output(1, "builder", 10_000, "\nERROR: test-a.t output changed\n!");
    output(1, "builder", 10_000, "\nERROR: test-half.t output changed\n!");
    assertThat(shown.toString(UTF_8))
        .isEqualTo(
            """

            # builder:
            ERROR: test-a.t output changed

            # builder:
            ERROR: test-half.t output changed
            """);
    assertThat(Files.readString(folder.resolve("machine-1.txt")))
        .contains("test-a.t")
        .contains("test-half.t");
  }

  @Test
  void bytesThatAreNoTextComeThroughAsTheyAre() throws IOException {
    StringBuilder binary = new StringBuilder();
    for (int times = 0; times < 5000; times++) {
      for (char c = 0; c < 256; c++) {
        binary.append(c == '\n' ? ' ' : c);
      }
    }
    String block = "--- a/test-a.t\n+++ a/test-a.t.err\n+" + binary + "\n";
    try (OutputStream output = open("builder", 1)) {
      output.write(("\n" + block + "\nERROR: test-a.t output changed\n").getBytes(ISO_8859_1));
    }
    assertThat(shown.toString(ISO_8859_1))
        .isEqualTo("\n# builder:\n" + block + "ERROR: test-a.t output changed\n");
  }

  /** In less memory than it takes, which is why the machines' output waits in files. */
  @Test
  void anEnormousDifferenceIsNotKeptInMemory() throws IOException {
    CountingOutput counting = new CountingOutput();
    stream = new ShardStream(folder, counting, line -> {});
    byte[] line = ("+" + "x".repeat(1022) + "\n").getBytes(UTF_8);
    Runtime runtime = Runtime.getRuntime();
    try (ShardOutput output = stream.open(1, "builder", TESTS)) {
      write(output, "\n--- a/test-a.t\n+++ a/test-a.t.err\n");
      long before = used(runtime);
      for (int count = 0; count < 60 << 10; count++) {
        output.write(line);
      }
      assertThat(used(runtime) - before).isLessThan(20 << 20);
      write(output, "\nERROR: test-a.t output changed\n");
    }
    assertThat(counting.bytes).isGreaterThan(60 << 20);
  }

  @Test
  void aFullDiskIsSaidToBeOurs() throws IOException {
    stream =
        new ShardStream(
            folder,
            new OutputStream() {
              @Override
              public void write(int b) throws IOException {
                throw new IOException("No space left on device");
              }
            },
            line -> {});
    try (ShardOutput output = stream.open(1, "builder", TESTS)) {
      assertThatThrownBy(() -> write(output, "\nERROR: test-a.t output changed\n"))
          .isInstanceOf(IOException.class);
    }
    assertThatThrownBy(stream::check)
        .isInstanceOfSatisfying(
            EnvironmentException.class,
            failure -> {
              assertThat(failure.what()).isEqualTo("cannot write what the tests print");
              assertThat(failure.why()).isEqualTo("No space left on device");
            });
  }

  /** And not the machine that is lost. */
  @Test
  void whatTheOutputSaysOfItselfIsTold() throws IOException {
    EnvironmentException gone = new EnvironmentException("cannot pass it on", "Broken pipe", "");
    stream =
        new ShardStream(
            folder,
            new OutputStream() {
              @Override
              public void write(int b) {
                throw gone;
              }
            },
            line -> {});
    try (ShardOutput output = stream.open(1, "builder", TESTS)) {
      assertThatThrownBy(() -> write(output, "\nERROR: test-a.t output changed\n")).isSameAs(gone);
    }
    assertThatThrownBy(stream::check).isSameAs(gone);
  }

  @Test
  void linesAreToldBetweenThingsThatAreShown() throws IOException {
    List<String> order = new ArrayList<>();
    stream =
        new ShardStream(
            folder,
            new OutputStream() {
              @Override
              public void write(int b) {
                order.add("shown");
              }

              @Override
              public void write(byte[] bytes, int offset, int length) {
                order.add("shown");
              }
            },
            order::add);
    stream.tell("1 of 2 tests, 0 failed");
    try (ShardOutput output = stream.open(1, "builder", TESTS)) {
      write(output, "\nERROR: test-a.t output changed\n");
    }
    stream.tell("2 of 2 tests, 1 failed");
    assertThat(order)
        .startsWith("1 of 2 tests, 0 failed", "shown")
        .endsWith("shown", "2 of 2 tests, 1 failed");
  }

  private static long used(Runtime runtime) {
    runtime.gc();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private ShardOutput open(String machine, int number) {
    return stream.open(number, machine, TESTS);
  }

  private ShardOutput output(int number, String machine, int chunk, String text)
      throws IOException {
    ShardOutput output =
        stream.open(number, machine, number == 2 ? Set.of("test-a.t", "test-b.t") : TESTS);
    try (output) {
      byte[] bytes = text.getBytes(UTF_8);
      for (int at = 0; at < bytes.length; at += chunk) {
        output.write(bytes, at, Math.min(chunk, bytes.length - at));
      }
    }
    return output;
  }

  private static ShardRun run(ShardOutput output, List<TestEnd> ends) {
    return new ShardRun(List.of(), output, new Findings(Optional.empty(), ends), true);
  }

  private static void write(OutputStream output, String text) throws IOException {
    output.write(text.getBytes(UTF_8));
  }

  private static final class CountingOutput extends OutputStream {
    private long bytes;

    @Override
    public void write(int b) {
      bytes++;
    }

    @Override
    public void write(byte[] some, int offset, int length) {
      bytes += length;
    }
  }
}
