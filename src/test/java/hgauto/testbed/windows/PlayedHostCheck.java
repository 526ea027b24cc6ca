package hgauto.testbed.windows;

import static java.nio.file.attribute.PosixFilePermission.OTHERS_READ;

import hgauto.testbed.machine.TestMachine;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@code check-host.ps1} does: a point holds by what is on drive C:. Settings of Windows that
 * are no files there are files in {@code C:\Windows\settings} here.
 */
final class PlayedHostCheck {
  private static final String SETTINGS = "C:\\Windows\\settings\\";

  private static final String SYSTEM = "C:\\Windows\\System32\\";
  private static final String HGDEV = "C:\\hgdev\\";
  private static final String SRC = HGDEV + "src";

  private final TestMachine machine;

  PlayedHostCheck(TestMachine machine) {
    this.machine = machine;
  }

  /** What there is; what it throws says what is wrong. */
  private interface Look {
    String look() throws IOException;
  }

  int run(ScriptRun run) throws IOException {
    DriveC drive = run.drive();
    point(
        run,
        "powershell",
        () -> there(drive, SYSTEM + "WindowsPowerShell\\v1.0\\powershell.exe", "5.1.20348.2849"));
    point(
        run,
        "ec2launch",
        () -> there(drive, "C:\\Program Files\\Amazon\\EC2Launch\\EC2Launch.exe", "v2"));
    String sshd = SYSTEM + "OpenSSH\\sshd.exe";
    point(run, "openssh", () -> there(drive, sshd, sshd));
    point(run, "sshd", this::sshd);
    point(run, "firewall", () -> there(drive, SETTINGS + "hgauto-ssh", "rule hgauto-ssh"));
    point(run, "default-shell", () -> defaultShell(drive));
    point(run, "administrator", () -> administrator(drive));
    point(run, "admin-keys", () -> adminKeys(drive));
    point(run, "hg", () -> hg("version", "--quiet"));
    point(run, "source", () -> there(drive, SRC + "\\.hg", "tip is -1:" + "0".repeat(40)));
    point(run, "publishing", this::publishing);
    point(run, "python", () -> pythons(drive));
    point(
        run,
        "bootstrap",
        () -> there(drive, HGDEV + "venv-bootstrap\\Scripts\\python.exe", "Python 3.13.1"));
    String sh = HGDEV + "MinGW\\msys\\1.0\\bin\\sh.exe";
    point(run, "msys", () -> there(drive, sh, sh));
    point(
        run,
        "dotnet",
        () -> there(drive, "C:\\Windows\\Microsoft.NET\\Framework64\\v3.5", ".NET Framework 3.5"));
    point(run, "space", () -> space(drive));
    return 0;
  }

  private static String space(DriveC drive) throws IOException {
    String found = (drive.freeMib() >> 10) + " GiB free on C:";
    assure(drive.freeMib() >= 10 << 10, found);
    return found;
  }

  private static void point(ScriptRun run, String name, Look look) throws IOException {
    String verdict = "ok";
    String found;
    try {
      found = look.look();
    } catch (IOException | AssertionError e) {
      verdict = "no";
      found = e.getMessage();
    }
    run.print(name + "\t" + verdict + "\t" + found.replaceAll("\\s+", " ").strip());
  }

  private static String there(DriveC drive, String path, String found) throws IOException {
    assure(Files.exists(drive.path(path)), "there is no " + path);
    return found;
  }

  private static void assure(boolean holds, String wrong) throws IOException {
    if (!holds) {
      throw new IOException(wrong);
    }
  }

  private String sshd() throws IOException {
    assure(Files.exists(machine.path("/run/sshd.pid")), "Stopped, to be started: Automatic");
    return "Running, to be started: Automatic";
  }

  private static String defaultShell(DriveC drive) throws IOException {
    Path setting = drive.path(SETTINGS + "DefaultShell");
    if (Files.exists(setting)) {
      throw new IOException("it is " + Files.readString(setting));
    }
    return "cmd.exe";
  }

  private static String administrator(DriveC drive) throws IOException {
    boolean disabled = Files.exists(drive.path(SETTINGS + "Administrator-disabled"));
    assure(!disabled, "the account Administrator is disabled");
    return "the account is enabled";
  }

  private static String adminKeys(DriveC drive) throws IOException {
    String name = "C:\\ProgramData\\ssh\\administrators_authorized_keys";
    Path file = drive.path(name);
    there(drive, name, "");
    boolean others = Files.getPosixFilePermissions(file).contains(OTHERS_READ);
    assure(!others, "others have access to " + name + ": S-1-1-0");
    return "keys in it: " + Files.readAllLines(file).size();
  }

  private String hg(String... arguments) {
    List<String> argv = new ArrayList<>(List.of("/C:/hgdev/hg.cmd"));
    argv.addAll(List.of(arguments));
    return machine.run(argv.toArray(String[]::new));
  }

  /** On Windows, Mercurial trusts every file. */
  private String publishing() throws IOException {
    String[] argv = {
      "-R", "/C:/hgdev/src", "--config", "trusted.users=*", "config", "phases.publish"
    };
    String publish = hg(argv).strip();
    assure(publish.equals("False"), "it is a publishing repository: phases.publish is " + publish);
    return "phases.publish is False";
  }

  private static String pythons(DriveC drive) throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> folders =
        Files.newDirectoryStream(drive.path("C:\\hgdev"), "python*")) {
      for (Path folder : folders) {
        if (Files.exists(folder.resolve("python.exe"))) {
          names.add(folder.getFileName().toString());
        }
      }
    }
    assure(!names.isEmpty(), "there is no C:\\hgdev\\python*\\python.exe");
    return String.join(", ", names);
  }
}
