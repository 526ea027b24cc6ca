package hgauto.task;

import java.net.URI;

/** The Try Server that a submission goes to. */
public sealed interface TryTarget {
  /** The Lambda function, in the AWS account that credentials are set up for. */
  record Lambda() implements TryTarget {}

  /** A server inside this process, for this one submission. */
  record Embedded() implements TryTarget {}

  /**
   * A self-hosted server.
   *
   * @param root its address
   */
  record SelfHosted(URI root) implements TryTarget {}
}
