package hgauto.testbed.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestMachineTest {
  @TempDir private Path folder;
  private PlainSsh ssh;

  @BeforeEach
  void makeKey() throws IOException {
    ssh = PlainSsh.in(folder.resolve("ssh"));
  }

  private TestMachine start(MachineSpec spec, String name) {
    return TestMachine.start(spec, folder.resolve(name));
  }

  @Test
  void aDebianMachineBootsWithinASecond() {
    long begin = System.nanoTime();
    try (TestMachine machine = start(MachineSpec.debian().keyPair(ssh.publicLine()), "one")) {
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(3));
      assertThat(ssh.run("admin", machine, "sudo id -un && hostname").out())
          .isEqualTo("root\nip-" + machine.address().replace('.', '-') + "\n");
      assertThat(ssh.run("root", machine, "true").exitCode()).isEqualTo(255);
    }
  }

  @Test
  void aReadyMachineHasWhatTheDocumentedInterfaceAsksFor() {
    try (TestMachine machine = start(MachineSpec.readyFor(ssh.publicLine()), "one")) {
      String script =
          """
          set -e
          sudo -n id -un
          stat -c '%U:%G %a %n' /hgdev /hgdev/src
          /hgdev/pyenv/shims/python3 -c 'import sys; print(sys.version_info[0])'
          /hgdev/venv-bootstrap/bin/python3 -c 'import sys; print(sys.prefix)'
          cd /hgdev/src && /hgdev/venv-bootstrap/bin/hg log -T '{phase}\\n'
          test -z "$(/hgdev/venv-bootstrap/bin/hg status)"
          """;
      assertThat(ssh.run("hg", machine, script).out())
          .isEqualTo(
              """
              root
              hg:hg 755 /hgdev
              hg:hg 755 /hgdev/src
              3
              /hgdev/venv-bootstrap
              public
              """);
    }
  }
}
