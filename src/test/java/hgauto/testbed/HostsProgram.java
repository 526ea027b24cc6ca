package hgauto.testbed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * Starts machines for {@code --host} with a source whose tests wait, for {@code scripts/bench
 * shards} and {@code ready}; they end when standard input does.
 *
 * <p>Arguments: an empty folder, how many machines, and how long the tests are to wait, in seconds.
 * What hgauto is to be run in is {@code source} in the folder, with the state folder {@code
 * hgauto/state} and the home {@code hgauto/home}. Prints the URLs of the machines, a line each, and
 * "ready".
 */
public final class HostsProgram {
  private HostsProgram() {}

  /** The program. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    int machines = Integer.parseInt(arguments[1]);
    Map<String, String> tests = new TreeMap<>();
    for (int test = 2; test < arguments.length; test++) {
      tests.put(
          "test-%03d.t".formatted(test - 1),
          TimedSource.waiting(Double.parseDouble(arguments[test])));
    }
    HgRepository source = TimedSource.create(folder.resolve("source"), tests);
    HgautoProgram hgauto = new HgautoProgram(Files.createDirectory(folder.resolve("hgauto")));
    List<LinuxHost> hosts = new ArrayList<>();
    try {
      for (int machine = 1; machine <= machines; machine++) {
        hosts.add(
            LinuxHost.start(hgauto, folder.resolve("machine" + machine), UnaryOperator.identity())
                .withSource(source));
        System.out.println(hosts.get(machine - 1).url());
      }
      System.out.println("ready");
      System.in.read();
    } finally {
      hosts.forEach(LinuxHost::close);
    }
  }
}
