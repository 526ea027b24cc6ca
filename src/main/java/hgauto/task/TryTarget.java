package hgauto.task;

import java.net.URI;

/** The Try Server that a submission goes to. Prints as the command line has it. */
public sealed interface TryTarget {
  /** The Lambda function, in the AWS account that credentials are set up for. */
  record Lambda() implements TryTarget {
    @Override
    public String toString() {
      return "lambda";
    }
  }

  /** A server inside this process, for this one submission. */
  record Embedded() implements TryTarget {
    @Override
    public String toString() {
      return "embedded";
    }
  }

  /**
   * A self-hosted server.
   *
   * @param root its address
   */
  record SelfHosted(URI root) implements TryTarget {
    @Override
    public String toString() {
      return root.toString();
    }
  }
}
