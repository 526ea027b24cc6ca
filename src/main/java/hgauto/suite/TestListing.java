package hgauto.suite;

import hgauto.error.RemoteWorkException;
import hgauto.error.UsageException;
import hgauto.machine.BoundedOutput;
import hgauto.machine.Tail;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What run-tests.py prints on a machine where it is to list the tests and not to run them. */
public final class TestListing {
  private static final Pattern TEST = Pattern.compile("test-\\S+");

  /** In bytes, of a thousand names or so; a changeset may print anything instead. */
  private static final int LONGEST = 4 << 20;

  /** What run-tests.py ends with when it does not know a flag. */
  private static final int USAGE = 2;

  private final String machine;
  private final BoundedOutput output = new BoundedOutput(LONGEST);

  /**
   * Nothing yet.
   *
   * @param machine its name, for people
   */
  public TestListing(String machine) {
    this.machine = machine;
  }

  /** What run-tests.py is to be given, so that it lists the tests that it would run with these. */
  public static List<String> flags(List<String> flags) {
    return Stream.concat(Stream.of("--list-tests"), flags.stream()).toList();
  }

  /** To be given what it prints. */
  public OutputStream output() {
    return output;
  }

  /**
   * The names of the tests.
   *
   * @param code what run-tests.py ended with
   * @throws UsageException if it does not know the flags
   * @throws RemoteWorkException if it cannot list them
   */
  public List<String> tests(int code) {
    if (code == USAGE) {
      throw new UsageException(
          "run-tests.py does not take these flags", end(""), "Mend the flags for it.");
    }
    if (code != 0) {
      throw new RemoteWorkException(
          "run-tests.py cannot list the tests on " + machine,
          "exit code " + code + end(":\n"),
          "Look what tests/run-tests.py --list-tests says in your checkout.");
    }
    return new String(output.bytes(), StandardCharsets.UTF_8)
        .lines()
        .filter(TEST.asMatchPredicate())
        .toList();
  }

  private String end(String introduction) {
    Tail tail = new Tail();
    tail.write(output.bytes(), 0, output.bytes().length);
    return tail.after(introduction);
  }
}
