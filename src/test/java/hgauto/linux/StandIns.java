package hgauto.linux;

import static org.assertj.core.api.Assertions.assertThat;

import hgauto.process.LocalProgram;
import hgauto.testbed.HgRepository;
import hgauto.testbed.Requires;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * What a machine fetches from places that tests do not reach, in a folder, and pins that say so:
 * pyenv, which "builds" Debian's Python, Rust, and a repository for Mercurial's.
 */
final class StandIns {
  /** Where the folder is to be seen in the machine. */
  static final String THERE = "/mnt/standins";

  private static final String RUST = "1.0.0";
  private static final String TRIPLE = "x86_64-unknown-linux-gnu";

  private final Path folder;
  private final String pyenvCommit;
  private final String node;

  StandIns(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder);
    Files.writeString(folder.resolve("gitconfig"), "[safe]\n\tdirectory = *\n");
    pyenvCommit = pyenv();
    rust();
    node =
        HgRepository.create(Files.createDirectories(folder.resolve("hg")))
            .write("README", "not Mercurial's")
            .commit("the only one");
  }

  Path folder() {
    return folder;
  }

  /** The pins. */
  String pins() throws IOException {
    return """
    export GIT_CONFIG_GLOBAL=%1$s/gitconfig # the repository is root's
    pyenv_url=%1$s/pyenv
    pyenv_commit=%2$s
    pythons='3.11.1 pypy3.11-7.3.22'
    rustup_url=file://%1$s/rustup-init
    rustup_sha256=%3$s
    rust_dist=file://%1$s/rust
    rust_version=%4$s
    rust_manifest_sha256=%5$s
    mercurial_url=%1$s/hg
    mercurial_node=%6$s
    """
        .formatted(
            THERE,
            pyenvCommit,
            sha256(folder.resolve("rustup-init")),
            RUST,
            sha256(manifest()),
            node);
  }

  private String pyenv() throws IOException {
    Path root = folder.resolve("pyenv");
    put("pyenv", root.resolve("bin/pyenv"));
    put("python-build", root.resolve("plugins/python-build/bin/python-build"));
    git(root, "init", "-q");
    git(root, "add", ".");
    git(root, "-c", "user.name=test", "-c", "user.email=test@localhost", "commit", "-q", "-mone");
    return git(root, "rev-parse", "HEAD").strip();
  }

  private void rust() throws IOException {
    put("rustup-init", folder.resolve("rustup-init"));
    Path archives = Files.createDirectories(folder.resolve("rust/dist/2015-05-15"));
    List<String> manifest = new ArrayList<>();
    for (String part : List.of("cargo", "rust-std", "rustc")) {
      String name = part + "-" + RUST + "-" + TRIPLE + ".tar.xz";
      Files.writeString(archives.resolve(name), "no archive");
      manifest.add("xz_url = \"https://static.rust-lang.org/dist/2015-05-15/" + name + "\"");
    }
    Files.write(manifest(), manifest);
  }

  private Path manifest() {
    return folder.resolve("rust/dist/channel-rust-" + RUST + ".toml");
  }

  private static void put(String name, Path file) throws IOException {
    Files.createDirectories(file.getParent());
    try (InputStream script = StandIns.class.getResourceAsStream("standins/" + name)) {
      Files.copy(script, file);
    }
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static String git(Path root, String... arguments) throws IOException {
    List<String> argv = new ArrayList<>(List.of(Requires.program("git").toString()));
    argv.addAll(List.of(arguments));
    LocalProgram.Result result = LocalProgram.run(argv, root, Map.of(), Duration.ofSeconds(30));
    assertThat(result.exitCode()).as(result.err()).isZero();
    return result.out();
  }

  private static String sha256(Path file) throws IOException {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
