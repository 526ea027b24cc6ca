package hgauto.suite;

import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A machine on which everything is ready to run tests of one changeset. */
public interface TestRunner extends AutoCloseable {
  /** For a person: the machine's name. */
  String name();

  /** Of a machine in EC2, where that is known. */
  Optional<String> instanceType();

  /**
   * The names of the tests that run-tests.py would run with these flags, as it prints them.
   *
   * @throws hgauto.error.UsageException if it does not know the flags
   * @throws hgauto.error.RemoteWorkException if it cannot list them
   * @throws hgauto.error.EnvironmentException if the machine cannot run it, or it prints too much
   * @throws hgauto.error.MachineLostException if the machine is lost meanwhile
   */
  List<String> listTests(List<String> flags) throws InterruptedException;

  /**
   * Runs tests to their end.
   *
   * @param flags for run-tests.py; the names of tests among them
   * @param output gets what run-tests.py prints, as it comes
   * @param ended is told each test as it ends, by one thread
   * @throws hgauto.error.MachineLostException if the machine is lost meanwhile
   */
  TestRun run(List<String> flags, OutputStream output, Consumer<TestEnd> ended)
      throws InterruptedException;

  /** Ends the machine if it is ours. */
  @Override
  void close();
}
