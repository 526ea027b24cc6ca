package hgauto.testbed.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can be wrong with a machine, on purpose. */
class MachineFaultsTest {
  @TempDir private Path folder;
  private PlainSsh ssh;

  @BeforeEach
  void makeKey() throws IOException {
    TestMachine.requireAll();
    ssh = PlainSsh.in(folder.resolve("ssh"));
  }

  private TestMachine start(MachineSpec spec) {
    return TestMachine.start(spec, folder.resolve("one"));
  }

  private MachineSpec ready() {
    return MachineSpec.readyFor(ssh.publicLine());
  }

  @Test
  void sshdIsNotUpUntilItIsTold() {
    try (TestMachine machine = start(ready().sshdLater())) {
      assertThatThrownBy(() -> new Socket(machine.address(), 22).close())
          .isInstanceOf(ConnectException.class);
      machine.startSshd();
      assertThat(ssh.run("hg", machine, "id -un").out()).isEqualTo("hg\n");
    }
  }

  @Test
  void itsDiskIsFull() {
    try (TestMachine machine = start(ready().roomFor(8))) {
      for (String place : new String[] {"/home/hg", "/tmp", "/hgdev"}) {
        assertThat(ssh.run("hg", machine, "head -c 20M /dev/zero >" + place + "/big").err())
            .contains("No space left on device");
        ssh.run("hg", machine, "rm -f " + place + "/big");
      }
    }
  }

  @Test
  void somethingIsMissing() {
    String hg = "/hgdev/venv-bootstrap/bin/hg";
    MachineSpec spec = ready().without(hg).without("/usr/sbin/mkfs.xfs").withoutDisk();
    try (TestMachine machine = start(spec)) {
      assertThat(ssh.run("hg", machine, hg + " version").exitCode()).isEqualTo(127);
      assertThat(ssh.run("hg", machine, "sudo mkfs.xfs /dev/nvme1n1").err())
          .contains("command not found");
      assertThat(ssh.run("hg", machine, "ls /dev/disk").exitCode()).isEqualTo(2);
      assertThat(machine.run("lsblk", "-dno", "NAME")).isEqualTo("nvme0n1\n");
    }
  }

  @Test
  void itsHostKeyIsAnotherThanTold() throws IOException {
    String userData = TestMachineTest.withHostKeyOf(ssh);
    try (TestMachine machine = start(MachineSpec.debian().userData(userData).withOtherHostKey())) {
      assertThat(machine.run("ssh-keyscan", "-t", "ed25519", machine.address()))
          .contains(" ssh-ed25519 ")
          .doesNotContain(ssh.publicLine().split(" ", -1)[1]);
    }
  }

  @Test
  void aPowerCutBreaksConnections() throws IOException {
    try (TestMachine machine = start(ready());
        Socket connection = greeted(machine)) {
      machine.cut();
      assertThat(readsNothingMore(connection)).isTrue();
      assertThatThrownBy(() -> new Socket(machine.address(), 22).close())
          .isInstanceOf(ConnectException.class);
    }
  }

  @Test
  void aFrozenMachineIsSilent() throws IOException {
    try (TestMachine machine = start(ready());
        Socket connection = greeted(machine)) {
      machine.freeze();
      connection.setSoTimeout(100);
      assertThatThrownBy(() -> connection.getInputStream().readAllBytes())
          .isInstanceOf(SocketTimeoutException.class);
      try (Socket other = new Socket(machine.address(), 22)) {
        other.setSoTimeout(100);
        assertThatThrownBy(() -> other.getInputStream().read())
            .isInstanceOf(SocketTimeoutException.class);
      }
    }
  }

  private static Socket greeted(TestMachine machine) throws IOException {
    Socket connection = new Socket(machine.address(), 22);
    assertThat(new String(connection.getInputStream().readNBytes(4), StandardCharsets.US_ASCII))
        .isEqualTo("SSH-");
    return connection;
  }

  private static boolean readsNothingMore(Socket connection) throws IOException {
    try {
      connection.getInputStream().readAllBytes();
      return true; // closed in order
    } catch (SocketException e) {
      return true; // reset
    }
  }
}
