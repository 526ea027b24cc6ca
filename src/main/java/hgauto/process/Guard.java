package hgauto.process;

import hgauto.resource.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code guard.py}: runs a program, and ends everything that it started when it ends and when the
 * guard's own standard input ends. See the script.
 */
public final class Guard {
  private static final String SCRIPT = Resource.text(Guard.class, "guard.py");

  private Guard() {}

  /**
   * The command line that runs a program under the guard.
   *
   * @param python starts Python 3, such as {@code [env, python3]}
   * @param user the account that the program runs as, or empty for the guard's own; needs root
   */
  public static List<String> over(List<String> python, Optional<String> user, List<String> argv) {
    List<String> guarded = new ArrayList<>(python);
    guarded.addAll(List.of("-I", "-c", SCRIPT, user.orElse("")));
    guarded.addAll(argv);
    return guarded;
  }
}
