package hgauto.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hgauto.process.LocalProgram;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The script's jobs, with a curl that never ends and a git that fails once curl runs. */
@Timeout(60)
class BootstrapHgdevTest {
  @TempDir private Path folder;

  @BeforeEach
  void setUp() throws IOException {
    try (InputStream script = BootstrapFiles.class.getResourceAsStream("bootstrap-hgdev.sh")) {
      Files.writeString(
          folder.resolve("bootstrap-hgdev.sh"),
          new String(script.readAllBytes(), UTF_8)
              .replace("hgdev=/hgdev\n", "hgdev=" + folder + "/hgdev\n"));
    }
    Files.writeString(
        folder.resolve("pins.conf"),
        """
        pyenv_url=x pyenv_commit=x pythons=x rustup_url=x rustup_sha256=x rust_dist=x
        rust_version=x rust_manifest_sha256=x mercurial_url=x mercurial_node=x
        """);
    assertThat(run("mkfifo", "curl-runs").exitCode()).isZero();
    program("curl", "sleep 1000 & echo $! >curl-child; echo >curl-runs; wait");
    program("git", "if [ \"$1\" = init ]; then read -r _ <curl-runs; fi; exit 1");
  }

  private void program(String name, String script) throws IOException {
    Path file = folder.resolve("bin").resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/bash\ncd " + folder + "\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private LocalProgram.Result run(String... argv) throws IOException {
    return LocalProgram.run(
        List.of(argv),
        folder,
        Map.of("HOME", folder.toString(), "PATH", folder + "/bin:" + System.getenv("PATH")),
        Duration.ofSeconds(30));
  }

  @Test
  void whatRunsAtTheSameTimeEndsWhenPyenvCannotBeFetched() throws IOException {
    LocalProgram.Result result = run("bash", "bootstrap-hgdev.sh", folder.toString());
    assertThat(result.exitCode()).as(result.err()).isEqualTo(1);
    long child = Long.parseLong(Files.readString(folder.resolve("curl-child")).strip());
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> ProcessHandle.of(child).filter(ProcessHandle::isAlive).isEmpty());
  }
}
