package hgauto.machine;

import static org.assertj.core.api.Assertions.assertThat;

import hgauto.testbed.OpenSshServer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against the server that real machines have. */
class SshMachineOnOpenSshTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final SshKey KEY = SshKey.generate();

  @TempDir private static Path folder;
  private static OpenSshServer server;
  private static SshMachine machine;

  @BeforeAll
  static void connect() throws Exception {
    server = OpenSshServer.start(folder, KEY.publicLine());
    machine =
        SshMachine.connect(
            new SshAddress(server.user(), "127.0.0.1", server.port()),
            new HostKeys.Pinned(List.of(server.hostKeyLine())),
            KEY,
            LIMIT);
  }

  @AfterAll
  static void end() {
    machine.close();
    server.close();
  }

  @Test
  void outputAndExitCodeArrive() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code = machine.run(bash("echo one; echo two >&2; exit 7"), out, err, LIMIT);
    assertThat(code).isEqualTo(7);
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("one\n");
    assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("two\n");
  }

  private static Command bash(String script, String... arguments) {
    return Command.bash("test", script, List.of(arguments));
  }
}
