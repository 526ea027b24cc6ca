package hgauto.testbed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A small repository with Mercurial's own {@code run-tests.py}, and tests that wait more than they
 * work. It is to be run with {@link #WITH_HG}: there is no Mercurial in it.
 */
public final class TimedSource {
  /** The flag that has it run with the machine's Mercurial. */
  public static final String WITH_HG = "--with-hg=/hgdev/venv-bootstrap/bin/hg";

  private static final List<String> HARNESS =
      List.of("run-tests.py", "hghave", "hghave.py", "killdaemons.py");

  private TimedSource() {}

  /**
   * Makes the repository in a new folder, of one public changeset.
   *
   * @param tests their text, by name
   */
  public static HgRepository create(Path root, Map<String, String> tests) throws IOException {
    Path harness = Path.of(Requires.env("HGAUTO_MERCURIAL_SOURCE"), "tests");
    Path folder = Files.createDirectories(root.resolve("tests"));
    for (String file : HARNESS) {
      Files.copy(harness.resolve(file), folder.resolve(file));
    }
    HgRepository made = HgRepository.create(root);
    for (Map.Entry<String, String> test : tests.entrySet()) {
      made.write("tests/" + test.getKey(), test.getValue());
    }
    made.commit("tests that wait");
    made.hg("phase", "--public", "--rev=.");
    return made;
  }

  /** A test that takes so long, and a little more. */
  public static String waiting(double seconds) {
    return "  $ sleep " + seconds + "\n";
  }
}
