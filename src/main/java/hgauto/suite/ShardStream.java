package hgauto.suite;

import hgauto.error.EnvironmentException;
import hgauto.error.HgautoException;
import hgauto.state.PrivateFiles;
import hgauto.state.Reason;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Consumer;

/**
 * One stream of what several machines print: one thing after another, each under the name of its
 * machine. What the machines print meanwhile waits in their files. Safe for use by several threads.
 */
final class ShardStream {
  private final Path folder;
  private final OutputStream output;
  private final Consumer<String> told;
  private EnvironmentException broken;

  /** Something that writes to this machine's disk or terminal. */
  @FunctionalInterface
  interface Writing {
    void run() throws IOException;
  }

  /**
   * @param folder where each machine's output is kept, in {@code machine-1.txt} and so on
   * @param output gets the stream; not closed. Where it takes no more, it says so best itself, by
   *     an {@link EnvironmentException}
   * @param told gets what {@link #tell} is given, never in the middle of something
   */
  ShardStream(Path folder, OutputStream output, Consumer<String> told) {
    this.folder = folder;
    this.output = output;
    this.told = told;
  }

  /**
   * For what run-tests.py prints on a machine.
   *
   * @param number of the machine, which may have run tests before
   * @param tests those that it is to run now
   * @throws EnvironmentException if there can be no file for it
   */
  ShardOutput open(int number, String machine, Set<String> tests) {
    Path file = folder.resolve("machine-" + number + ".txt");
    try {
      try {
        PrivateFiles.createFile(file);
      } catch (FileAlreadyExistsException e) {
        // of the tests that it ran before
      }
      return new ShardOutput(this, machine, file, tests);
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  /** Shows something a machine has printed. */
  synchronized void show(String machine, Excerpt excerpt) throws IOException {
    note(
        () -> {
          heading(machine);
          excerpt.copyTo(output);
          output.flush();
        });
  }

  /** Tells a person how things get on. */
  synchronized void tell(String line) {
    told.accept(line);
  }

  /**
   * Tells that a machine is lost, or could not be had.
   *
   * @param tests how many of its tests have no verdict
   * @param others how many machines there are besides; the tests are moved to them
   */
  void lost(String name, HgautoException why, int tests, int others) {
    tell(
        "without "
            + name
            + " from now on: "
            + why.what()
            + (why.why().isEmpty() ? "" : ": " + why.why())
            + (tests == 0 ? "" : "; tests without a verdict: " + tests)
            + (tests == 0 || others == 0 ? "" : ", moved to the others"));
  }

  /** Shows the summary, which may have things from all machines. */
  synchronized void end(SuiteSummary summary) {
    try {
      summary.writeTo(output);
      output.flush();
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  /** Does it, and remembers if it fails. */
  void note(Writing writing) throws IOException {
    try {
      writing.run();
    } catch (IOException e) {
      remember(unwritable(e));
      throw e;
    } catch (EnvironmentException e) { // of the output
      remember(e);
      throw e;
    }
  }

  private synchronized void remember(EnvironmentException failure) {
    broken = broken == null ? failure : broken;
  }

  /**
   * Fails if something could not be written here before, which is not the machines' fault.
   *
   * @throws EnvironmentException says what
   */
  synchronized void check() {
    if (broken != null) {
      throw broken;
    }
  }

  private void heading(String machine) throws IOException {
    output.write(("\n# " + machine + ":\n").getBytes(StandardCharsets.UTF_8));
  }

  private EnvironmentException unwritable(IOException e) {
    return new EnvironmentException(
        "cannot write what the tests print",
        Reason.of(e),
        "Free some space for " + folder + " or mend the folder's permissions.",
        e);
  }
}
