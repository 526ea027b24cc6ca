package hgauto.process;

import static org.assertj.core.api.Assertions.assertThat;

import hgauto.testbed.JavaProgram;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InterruptTest {
  @TempDir private Path folder;

  /** Guards two things, which take as long to end as its standard input is open. */
  static final class Program {
    private Program() {}

    public static void main(String[] args) throws Exception {
      Interrupt.guard(new Mute());
      Interrupt.guard(new Thing("one"));
      Interrupt.guard(new Thing("two"));
      Interrupt.Guarded released = new Thing("three");
      Interrupt.guard(released);
      Interrupt.release(released);
      System.out.println("ready");
      if (args.length > 0) {
        System.exit(Integer.parseInt(args[0]));
      }
      Thread.currentThread().join();
    }
  }

  /** Cannot tell what is left, as where standard error is a broken pipe. */
  private static final class Mute implements Interrupt.Guarded {
    @Override
    public void end() {}

    @Override
    public void abandon() {
      throw new IllegalStateException("mute");
    }
  }

  private record Thing(String name) implements Interrupt.Guarded {
    @Override
    public void end() {
      System.out.println("ending " + name);
      try {
        Interrupt.guard(new Thing("late"));
        System.out.println("guarded while it is ended");
      } catch (InterruptedException e) {
        System.out.println(name + " saw: " + e.getMessage());
      }
      try {
        while (System.in.read() >= 0) {}
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
      System.out.println("done: " + name);
    }

    @Override
    public void abandon() {
      System.out.println("left " + name);
    }
  }

  private JavaProgram start(String... arguments) throws IOException {
    return new JavaProgram(Program.class, folder, Map.of(), arguments).awaitWords("ready");
  }

  @ParameterizedTest
  @CsvSource({"INT, 130", "TERM, 143"})
  void everythingIsEndedBeforeTheProcessIs(String signal, int exitCode) throws Exception {
    try (JavaProgram program = start()) {
      program.signal(signal).awaitWords("ending one").awaitWords("ending two");
      assertThat(program.out()).doesNotContain("done");
      program.endInput();
      assertThat(program.end()).isEqualTo(exitCode);
      assertThat(program.out())
          .contains("done: one", "done: two", "one saw: the process is being ended")
          .doesNotContain("three", "left", "guarded while");
    }
  }

  @Test
  void alsoWhereTheProcessEndsByItself() throws Exception {
    try (JavaProgram program = start("7")) {
      program.awaitWords("ending one").endInput();
      assertThat(program.end()).isEqualTo(7);
      assertThat(program.out()).contains("done: one", "done: two");
    }
  }

  @ParameterizedTest
  @CsvSource({"INT", "TERM"})
  void aSecondCtrlCEndsItAtOnceAndTellsWhatIsLeft(String first) throws Exception {
    try (JavaProgram program = start()) {
      program.signal(first).awaitWords("ending one").awaitWords("ending two").signal("INT");
      assertThat(program.end()).isEqualTo(130);
      assertThat(program.out()).contains("left one", "left two").doesNotContain("done", "three");
    }
  }
}
