package hgauto.linux;

import hgauto.machine.SshMachine;
import java.util.Optional;

/** A machine to run tests on, for as long as this is open. */
public interface Worker extends AutoCloseable {
  /** For a person: "i-0a1b (hg-linux-dev in us-west-2)" or "ssh://hg@builder". */
  String name();

  /** The connection to it, which is this object's. */
  SshMachine ssh();

  /** Of a machine in EC2, where that is known: such as {@code c7i.8xlarge}. */
  default Optional<String> instanceType() {
    return Optional.empty();
  }

  /** Serial number of the disk for /hgwork, such as {@code vol0a1b}; empty if it is not known. */
  Optional<String> diskSerial();

  /**
   * What it was wanted for is done: where machines are kept on failure, there was none. To be said
   * before it is closed.
   */
  void succeeded();

  /** Ends the machine if it is ours, and else only the connection. Only the first time counts. */
  @Override
  void close();
}
