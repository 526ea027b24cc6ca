package hgauto.linux;

import static java.nio.charset.StandardCharsets.UTF_8;

import hgauto.error.EnvironmentException;
import hgauto.machine.Command;
import hgauto.machine.SshMachine;
import hgauto.resource.Resource;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Checks on a Linux host what docs/remote-machines.md asks of it. Leaves nothing there. */
public final class HostCheck {
  private static final String SCRIPT = "check-host.sh";

  /** It looks at each file in /hgdev, and starts each Python. */
  private static final Duration AT_MOST = Duration.ofMinutes(3);

  private HostCheck() {}

  /**
   * How a point was found.
   *
   * @param detail what there is, or what is wrong; for a person
   */
  public record Finding(HostPoint point, boolean holds, String detail) {}

  /**
   * Checks all points; that we are logged in proves the first three.
   *
   * @return a finding for each point, in their order
   * @throws EnvironmentException if the script takes too long
   */
  public static List<Finding> of(SshMachine machine) throws InterruptedException {
    Map<HostPoint, Finding> found = new EnumMap<>(HostPoint.class);
    holds(found, HostPoint.REACHABLE, machine.address().toString());
    holds(found, HostPoint.HOST_KEY, fingerprint(machine.hostKeyLine()));
    holds(found, HostPoint.LOGIN, "our key is taken for the account " + machine.address().user());
    Finding shell = shell(machine);
    found.put(shell.point(), shell);
    String file = "/tmp/hgauto-check-" + UUID.randomUUID();
    Finding sftp = shell.holds() ? sftp(machine, file) : notTried();
    found.put(sftp.point(), sftp);
    Command script =
        Command.sh(
            SCRIPT,
            Resource.text(HostCheck.class, SCRIPT),
            List.of(file, Resource.text(HostCheck.class, "find_disk.py")));
    try {
      read(machine.ask("cannot run " + SCRIPT, script, AT_MOST), found);
    } catch (EnvironmentException e) {
      if (shell.holds()) {
        throw e;
      }
    }
    return Arrays.stream(HostPoint.values()).map(point -> finding(found, point)).toList();
  }

  private static void holds(Map<HostPoint, Finding> found, HostPoint point, String detail) {
    found.put(point, new Finding(point, true, detail));
  }

  /** As ssh-keygen shows it. */
  private static String fingerprint(String publicLine) {
    String[] parts = publicLine.split(" ", 3);
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(Base64.getDecoder().decode(parts[1]));
      return parts[0] + " SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static Finding shell(SshMachine machine) throws InterruptedException {
    try {
      String printed = machine.ask("cannot run a command", Command.of("true"), AT_MOST).strip();
      return new Finding(
          HostPoint.SHELL,
          printed.isEmpty(),
          printed.isEmpty()
              ? "runs commands, and prints nothing else"
              : "its start-up files print: " + printed.replaceAll("\\s+", " "));
    } catch (EnvironmentException e) {
      return new Finding(HostPoint.SHELL, false, e.what() + ": " + e.why());
    }
  }

  /** MINA takes a connection for lost on which SFTP's answers have other text before them. */
  private static Finding notTried() {
    return new Finding(HostPoint.SFTP, false, "not tried with such a login shell");
  }

  private static Finding sftp(SshMachine machine, String file) throws InterruptedException {
    byte[] sent = file.getBytes(UTF_8);
    try {
      machine.put(sent, file, 0600);
      boolean same =
          machine.read(file, sent.length).filter(got -> Arrays.equals(got, sent)).isPresent();
      return new Finding(
          HostPoint.SFTP, same, same ? "writes and reads" : "what was written does not come back");
    } catch (EnvironmentException e) {
      return new Finding(HostPoint.SFTP, false, e.what() + ": " + e.why());
    }
  }

  /**
   * Takes what the script printed; what else is printed, as by a shell's start-up files, is not.
   */
  static void read(String printed, Map<HostPoint, Finding> found) {
    List<String> lines = new ArrayList<>(printed.lines().toList());
    for (HostPoint point : HostPoint.values()) {
      for (String line : lines) {
        String[] parts = line.split("\t", 3);
        if (parts.length == 3 && parts[0].equals(point.id())) {
          found.put(point, new Finding(point, parts[1].equals("ok"), parts[2]));
        }
      }
    }
  }

  private static Finding finding(Map<HostPoint, Finding> found, HostPoint point) {
    return found.getOrDefault(point, new Finding(point, false, "the check did not come to it"));
  }
}
