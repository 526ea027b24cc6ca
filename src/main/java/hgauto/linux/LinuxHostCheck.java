package hgauto.linux;

import static java.nio.charset.StandardCharsets.UTF_8;

import hgauto.error.EnvironmentException;
import hgauto.host.Finding;
import hgauto.host.HostFindings;
import hgauto.machine.Command;
import hgauto.machine.SshMachine;
import hgauto.resource.Resource;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

/** Checks on a Linux host what docs/remote-machines.md asks of it. Leaves nothing there. */
public final class LinuxHostCheck {
  private static final String SCRIPT = "check-host.sh";

  /** It looks at each file in /hgdev, and starts each Python. */
  private static final Duration AT_MOST = Duration.ofMinutes(3);

  private LinuxHostCheck() {}

  /**
   * Checks all points; that we are logged in proves the first three.
   *
   * @return a finding for each point, in their order
   * @throws EnvironmentException if the script takes too long
   */
  public static List<Finding> of(SshMachine machine) throws InterruptedException {
    HostFindings findings = new HostFindings(LinuxHostPoint.values());
    findings.add(LinuxHostPoint.REACHABLE, true, machine.address().toString());
    findings.add(LinuxHostPoint.HOST_KEY, true, fingerprint(machine.hostKeyLine()));
    findings.add(
        LinuxHostPoint.LOGIN, true, "our key is taken for the account " + machine.address().user());
    boolean shell = checkShell(machine, findings);
    String file = "/tmp/hgauto-check-" + UUID.randomUUID();
    if (shell) {
      checkSftp(machine, file, findings);
    } else { // MINA takes a connection for lost on which SFTP's answers have other text before them
      findings.add(LinuxHostPoint.SFTP, false, "not tried with such a login shell");
    }
    Command script =
        Command.sh(
            SCRIPT,
            Resource.text(LinuxHostCheck.class, SCRIPT),
            List.of(file, Resource.text(LinuxHostCheck.class, "find_disk.py")));
    try {
      findings.read(machine.ask("cannot run " + SCRIPT, script, AT_MOST));
    } catch (EnvironmentException e) {
      if (shell) {
        throw e;
      }
    }
    return findings.all();
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

  private static boolean checkShell(SshMachine machine, HostFindings findings)
      throws InterruptedException {
    try {
      String printed = machine.ask("cannot run a command", Command.of("true"), AT_MOST).strip();
      findings.add(
          LinuxHostPoint.SHELL,
          printed.isEmpty(),
          printed.isEmpty()
              ? "runs commands, and prints nothing else"
              : "its start-up files print: " + printed.replaceAll("\\s+", " "));
      return printed.isEmpty();
    } catch (EnvironmentException e) {
      findings.add(LinuxHostPoint.SHELL, false, e.what() + ": " + e.why());
      return false;
    }
  }

  private static void checkSftp(SshMachine machine, String file, HostFindings findings)
      throws InterruptedException {
    byte[] sent = file.getBytes(UTF_8);
    try {
      machine.put(sent, file, 0600);
      boolean same =
          machine.read(file, sent.length).filter(got -> Arrays.equals(got, sent)).isPresent();
      findings.add(
          LinuxHostPoint.SFTP,
          same,
          same ? "writes and reads" : "what was written does not come back");
    } catch (EnvironmentException e) {
      findings.add(LinuxHostPoint.SFTP, false, e.what() + ": " + e.why());
    }
  }
}
