package hgauto.testbed.machine;

import java.nio.file.Path;

/**
 * A process with a machine that has a second disk mounted; it prints {@code up ADDRESS}, and lives
 * until its standard input ends. Argument: a folder that is not there yet.
 */
final class MachineHolder {
  private MachineHolder() {}

  /** See the class. */
  public static void main(String[] args) throws Exception {
    MachineSpec spec = MachineSpec.debian().disk("vol0a", 64);
    try (TestMachine machine = TestMachine.start(spec, Path.of(args[0]))) {
      machine.run("mkfs.ext4", "-q", "/dev/nvme1n1");
      machine.run("mount", "/dev/nvme1n1", "/mnt");
      System.out.println("up " + machine.address());
      while (System.in.read() >= 0) {}
    }
  }
}
