package hgauto.testbed.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import hgauto.process.LocalProgram;
import hgauto.testbed.JavaProgram;
import hgauto.testbed.Requires;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestMachineTest {
  /** Others may keep the processors busy at times. */
  private static final int TRIES = 10;

  /** How many starts of Python may take as long as a boot, on machines that are slow. */
  private static final int STARTS = 25;

  @TempDir private Path folder;
  private PlainSsh ssh;

  @BeforeEach
  void makeKey() throws IOException {
    TestMachine.requireAll();
    ssh = PlainSsh.in(folder.resolve("ssh"));
  }

  private TestMachine start(MachineSpec spec) {
    return start(spec, "one");
  }

  private TestMachine start(MachineSpec spec, String name) {
    return TestMachine.start(spec, folder.resolve(name));
  }

  @Test
  void machineBootsWithinASecond() {
    MachineSpec spec = MachineSpec.readyFor(ssh.publicLine());
    assertThat(
            IntStream.range(0, TRIES)
                .anyMatch(
                    i -> {
                      Duration slow = pythonTime().multipliedBy(STARTS);
                      Duration boot = bootTime(spec, "try" + i);
                      return boot.compareTo(Duration.ofSeconds(1)) < 0 || boot.compareTo(slow) < 0;
                    }))
        .isTrue();
  }

  private Duration pythonTime() {
    long begin = System.nanoTime();
    try {
      LocalProgram.run(
          List.of(Requires.env("HGAUTO_TESTBED_PYTHON"), "-c", "import yaml"),
          folder,
          Map.of(),
          Duration.ofMinutes(1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  private Duration bootTime(MachineSpec spec, String name) {
    long begin = System.nanoTime();
    try (TestMachine machine = start(spec, name)) {
      assertThat(machine.hostKeys()).hasSize(1);
      return Duration.ofNanos(System.nanoTime() - begin);
    }
  }

  @Test
  void debianMachineHasAnAddressANameAndAdmin() {
    try (TestMachine machine = start(MachineSpec.debian().keyPair(ssh.publicLine()))) {
      assertThat(machine.hostKeys()).hasSize(3);
      assertThat(ssh.run("admin", machine, "sudo id -un; hostname; ls /home; ls -d /work*").out())
          .isEqualTo("root\nip-" + machine.address().replace('.', '-') + "\nadmin\n");
      assertThat(ssh.run("root", machine, "true").exitCode()).isEqualTo(255);
    }
  }

  @Test
  void readyMachineHasWhatTheDocumentedInterfaceAsksFor() {
    String script =
        """
        set -e
        sudo -n id -un
        stat -c '%U:%G %a %n' /hgdev /hgdev/src
        /hgdev/pyenv/shims/python3 -c 'import sys; print(sys.version_info[0])'
        /hgdev/venv-bootstrap/bin/python3 -c 'import sys; print(sys.prefix)'
        cd /hgdev/src && /hgdev/venv-bootstrap/bin/hg log -T '{phase}\\n'
        /hgdev/venv-bootstrap/bin/hg config phases.publish
        test -z "$(/hgdev/venv-bootstrap/bin/hg status)"
        """;
    try (TestMachine machine = start(MachineSpec.readyFor(ssh.publicLine()))) {
      assertThat(ssh.run("hg", machine, script).out())
          .isEqualTo(
              """
              root
              hg:hg 755 /hgdev
              hg:hg 755 /hgdev/src
              3
              /hgdev/venv-bootstrap
              public
              false
              """);
    }
  }

  /** User data by which a machine has that host key, and no other. */
  static String withHostKeyOf(PlainSsh ssh) throws IOException {
    JsonObject keys = new JsonObject();
    keys.addProperty("ed25519_private", Files.readString(ssh.keyFile()));
    keys.addProperty("ed25519_public", ssh.publicLine());
    JsonObject config = new JsonObject();
    config.add("ssh_keys", keys);
    return "#cloud-config\n" + config + "\n";
  }

  @Test
  void userDataPresetsTheHostKey() throws IOException {
    try (TestMachine machine = start(MachineSpec.debian().userData(withHostKeyOf(ssh)))) {
      assertThat(machine.hostKeys()).hasSize(1).allMatch(ssh.publicLine()::startsWith);
      assertThat(machine.run("ssh-keyscan", "-t", "ed25519,rsa,ecdsa", machine.address()))
          .isEqualTo(machine.address() + " " + machine.hostKeys().get(0) + "\n");
    }
  }

  @Test
  void userDataThatCloudInitHereDoesNotKnowFailsTheStart() {
    for (String config : List.of("packages: [hg]", "users: [{name: hg, sudo: ALL}]", "{")) {
      assertThatThrownBy(() -> start(MachineSpec.debian().userData("#cloud-config\n" + config)))
          .isInstanceOf(AssertionError.class);
    }
  }

  @Test
  void machinesSeeNothingOfEachOther() {
    try (TestMachine one = start(MachineSpec.debian().disk("vol0a"), "one");
        TestMachine two = start(MachineSpec.debian().disk("vol0b"), "two")) {
      one.run("touch", "/etc/of-one", "/tmp/of-one", "/home/of-one");
      assertThat(two.run("ls", "/etc", "/tmp", "/home")).doesNotContain("of-one");
      assertThat(one.run("ls", "/dev/disk/by-id")).isEqualTo(byId("vol0a"));
      assertThat(two.run("ls", "/dev/disk/by-id")).isEqualTo(byId("vol0b"));
      assertThat(two.run("lsblk", "-dno", "NAME,TYPE,SERIAL").lines().map(String::strip))
          .hasSize(2)
          .anyMatch("nvme1n1 disk vol0b"::equals);
      one.run("mkfs.ext4", "-q", "/dev/nvme1n1");
      two.run("mkfs.xfs", "-q", "/dev/nvme1n1");
      assertThat(one.run("lsblk", "-dno", "FSTYPE", "/dev/nvme1n1")).isEqualTo("ext4\n");
      assertThat(two.address()).isNotEqualTo(one.address());
    }
  }

  private static String byId(String serial) {
    return "nvme-Amazon_Elastic_Block_Store_" + serial + "\n";
  }

  @Test
  void nothingIsLeftOfAMachineThatWasClosed() throws IOException {
    String address;
    try (TestMachine machine = start(MachineSpec.debian().disk("vol0a", 64))) {
      address = machine.address();
      machine.run("mkfs.ext4", "-q", "/dev/nvme1n1");
      machine.run("mount", "/dev/nvme1n1", "/mnt");
      assertThat(Remains.of(folder.resolve("one"))).hasSizeGreaterThan(3);
    }
    assertGone(address);
  }

  @Test
  void nothingIsLeftWhenTheJvmIsKilled() throws IOException {
    Path logs = Files.createDirectory(folder.resolve("logs"));
    String address;
    try (JavaProgram holder =
        new JavaProgram(MachineHolder.class, logs, Map.of(), folder.resolve("one").toString())) {
      address = holder.awaitWords("\n").out().strip().replace("up ", "");
    }
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> Remains.of(folder.resolve("one")), List::isEmpty);
    assertGone(address);
  }

  private void assertGone(String address) {
    assertThat(Remains.of(folder.resolve("one"))).isEmpty();
    assertThatThrownBy(() -> new Socket(address, 22).close()).isInstanceOf(ConnectException.class);
  }

  @Test
  void poweroffAndShutdownEndIt() {
    for (String command : List.of("poweroff", "shutdown -h now")) {
      MachineSpec spec = MachineSpec.debian().keyPair(ssh.publicLine());
      try (TestMachine machine = start(spec, command.replace(" ", ""))) {
        ssh.run("admin", machine, "sudo " + command);
        machine.awaitEnd();
      }
    }
  }
}
