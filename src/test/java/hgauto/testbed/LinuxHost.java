package hgauto.testbed;

import hgauto.machine.SshKey;
import hgauto.testbed.machine.MachineSpec;
import hgauto.testbed.machine.TestMachine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** A machine for {@code --host}, which the program knows and may log in to. */
public final class LinuxHost implements AutoCloseable {
  private final HgautoProgram hgauto;
  private final TestMachine machine;

  private LinuxHost(HgautoProgram hgauto, TestMachine machine) {
    this.hgauto = hgauto;
    this.machine = machine;
  }

  /**
   * Starts one.
   *
   * @param folder that is not there yet
   * @param changes to a machine as our images give it
   */
  public static LinuxHost start(
      HgautoProgram hgauto, Path folder, UnaryOperator<MachineSpec> changes) throws IOException {
    Path keys = Files.createDirectories(hgauto.state().resolve("keys"));
    SshKey key = SshKey.in(keys).orElseGet(() -> SshKey.generate().save(keys));
    MachineSpec spec = changes.apply(MachineSpec.readyFor(key.publicLine()));
    LinuxHost host = new LinuxHost(hgauto, TestMachine.start(spec, folder));
    host.makeKnown();
    return host;
  }

  private void makeKnown() throws IOException {
    Path knownHosts = hgauto.home().resolve(".ssh/known_hosts");
    Files.createDirectories(knownHosts.getParent());
    List<String> lines =
        new ArrayList<>(Files.exists(knownHosts) ? Files.readAllLines(knownHosts) : List.of());
    machine.hostKeys().forEach(key -> lines.add(machine.address() + " " + key));
    Files.write(knownHosts, lines);
  }

  /** The machine itself. */
  public TestMachine machine() {
    return machine;
  }

  /** Its address, for {@code --host}. */
  public String url() {
    return "ssh://" + machine.address();
  }

  /** Puts a program there, which is a script for sh. */
  public void program(String path, String script) {
    try {
      Path file = Files.writeString(machine.path(path), "#!/bin/sh\n" + script + "\n");
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Lets it have that repository as {@code /hgdev/src}. */
  public LinuxHost withSource(HgRepository source) {
    try {
      machine.run("rm", "-rf", "/hgdev/src");
      new ProcessBuilder(
              "cp", "-a", source.root().toString(), machine.path("/hgdev/src").toString())
          .start()
          .waitFor();
      Files.writeString(machine.path("/hgdev/src/.hg/hgrc"), "[phases]\npublish = false\n");
      machine.run("chown", "-R", "hg:hg", "/hgdev/src");
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    machine.close();
  }
}
