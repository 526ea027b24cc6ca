package hgauto.windows.build;

import com.google.gson.JsonObject;
import hgauto.hg.Changeset;
import hgauto.hg.Checkout;
import hgauto.machine.SshMachine.Download;
import hgauto.windows.SourcePush;
import hgauto.windows.WindowsMachine;
import hgauto.windows.WindowsScript;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;

/** A machine in EC2 that builds packages. */
final class Ec2BuildMachine implements BuildMachine {
  private static final String FUNCTIONS = "packages.ps1";

  private final WindowsMachine machine;
  private final Path keyFile;

  /**
   * The machine is this object's from now on.
   *
   * @param keyFile the private key that opens it
   */
  Ec2BuildMachine(WindowsMachine machine, Path keyFile) {
    this.machine = machine;
    this.keyFile = keyFile;
  }

  @Override
  public String name() {
    return machine.toString();
  }

  @Override
  public String type() {
    return machine.lease().instanceType().orElse(Ec2BuildMachines.TYPE);
  }

  @Override
  public void push(Checkout checkout, Changeset changeset) {
    new SourcePush(machine, keyFile).push(checkout, changeset);
  }

  @Override
  public int run(String script, JsonObject parameters, OutputStream log, Duration atMost)
      throws InterruptedException {
    return machine.run(WindowsScript.named(script, FUNCTIONS), parameters, log, atMost);
  }

  @Override
  public void download(String remote, long size, Path local) throws InterruptedException {
    machine.download(new Download(remote, local, OptionalLong.of(size)));
  }

  @Override
  public void succeeded() {
    machine.succeeded();
  }

  @Override
  public void close() {
    machine.close();
  }
}
