package hgauto;

import static org.assertj.core.api.Assertions.assertThat;

import hgauto.machine.SshKey;
import hgauto.testbed.HgautoProgram;
import hgauto.testbed.machine.MachineSpec;
import hgauto.testbed.machine.TestMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The built {@code hgauto check-host}, as a person has it. */
class CheckHostIT {
  @TempDir private Path folder;
  private HgautoProgram hgauto;

  @BeforeEach
  void setUp() throws IOException {
    hgauto = new HgautoProgram(Files.createDirectory(folder.resolve("program")));
  }

  /** First it is not known, then it does not know us, and then it is as it should be. */
  @Test
  void whatItSaysLeadsToAHostThatCanRunTests() throws Exception {
    MachineSpec spec = MachineSpec.ready();
    try (TestMachine machine = TestMachine.start(spec, folder.resolve("machine"))) {
      Path ssh = Files.createDirectory(folder.resolve("program/home/.ssh"));
      Files.createFile(ssh.resolve("known_hosts"));
      String url = "ssh://" + machine.address();
      HgautoProgram.Result unknown = hgauto.run(folder, "check-host", url);
      assertThat(unknown.exitCode()).isEqualTo(3);
      assertThat(unknown.err()).contains("is not known; nothing was sent", "ssh-keyscan");

      Files.writeString(
          ssh.resolve("known_hosts"), machine.address() + " " + machine.hostKeys().get(0) + "\n");
      HgautoProgram.Result refused = hgauto.run(folder, "check-host", url);
      assertThat(refused.exitCode()).isEqualTo(3);
      String line = SshKey.in(hgauto.state().resolve("keys")).orElseThrow().publicLine();
      assertThat(refused.err()).contains("~hg/.ssh/authorized_keys", line);

      machine.run(
          "sh",
          "-c",
          "cd ~hg && mkdir -p -m 700 .ssh && echo \"$1\" >.ssh/authorized_keys && chown -R hg .ssh",
          "sh",
          line);
      HgautoProgram.Result good = hgauto.run(folder, "check-host", url);
      assertThat(good.exitCode()).as(good.out() + good.err()).isZero();
      assertThat(good.out()).contains("can run tests").doesNotContain("MISSING");
    }
  }
}
