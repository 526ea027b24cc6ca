package hgauto.testbed.windows;

import hgauto.state.Folders;
import hgauto.testbed.machine.TestMachine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** What our scripts do that set a machine up: its SSH server, and what an image is made of. */
final class SystemScripts {
  private final TestMachine machine;

  SystemScripts(TestMachine machine) {
    this.machine = machine;
  }

  Map<String, Play> plays() {
    return Map.of(
        "enable-openssh.ps1", this::enableOpenSsh,
        "read-host-key.ps1", this::readHostKey,
        "seal-image.ps1", this::sealImage);
  }

  private int enableOpenSsh(ScriptRun run) throws IOException {
    runHere("enable-openssh.sh", run.value("instance"), run.value("publicKey"));
    run.drive().makeFolder("C:\\hgdev\\runs");
    return 0;
  }

  /** What a script of ours does there, done by one of the testbed's. */
  private void runHere(String script, String... arguments) {
    String[] argv = new String[arguments.length + 4];
    argv[0] = "sh";
    argv[1] = "-c";
    argv[2] = Resource.text(script);
    argv[3] = script;
    System.arraycopy(arguments, 0, argv, 4, arguments.length);
    machine.run(argv);
  }

  private int readHostKey(ScriptRun run) throws IOException {
    run.print(Files.readString(machine.path("/etc/ssh/ssh_host_ed25519_key.pub")).strip());
    return 0;
  }

  private int sealImage(ScriptRun run) throws IOException {
    machine.run("sh", "-c", "kill \"$(cat /run/sshd.pid)\"; rm /etc/ssh/ssh_host_*");
    Files.delete(machine.path("/home/Administrator/.ssh/authorized_keys"));
    Files.delete(run.drive().path("C:\\ProgramData\\ssh\\administrators_authorized_keys"));
    Folders.delete(run.drive().path(run.value("folder")));
    try (DirectoryStream<Path> runs =
        Files.newDirectoryStream(run.drive().path("C:\\hgdev\\runs"))) {
      for (Path former : runs) {
        Folders.delete(former);
      }
    }
    haveUserDataRunAgain(machine);
    return 0;
  }

  /** What EC2Launch's reset comes to; the mark is as in {@code ec2launch.py}. */
  static void haveUserDataRunAgain(TestMachine machine) throws IOException {
    Files.delete(machine.path("/var/lib/ec2launch-user-data-ran"));
  }

  /**
   * What Mercurial's own script installs is not there, only what others of ours need. It is run as
   * if by Administrator.
   */
  int bootstrap(ScriptRun run) throws IOException {
    Path folder = run.drive().path(run.value("folder"));
    String installer =
        Files.readString(
            folder.resolve("install-windows-dependencies.ps1"), StandardCharsets.UTF_8);
    String settings = "vs2022-settings.json";
    if (installer.contains(settings) && !Files.exists(folder.resolve(settings))) {
      throw new IOException("Cannot find path '" + settings + "' because it does not exist.");
    }
    run.print("installing what Mercurial is built with: nothing here");
    runHere("bootstrap.sh");
    return 0;
  }
}
