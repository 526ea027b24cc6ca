package hgauto.testbed.aws;

import java.time.Duration;
import java.time.Instant;

/**
 * A command that Systems Manager has taken.
 *
 * @param script what PowerShell is to run
 * @param mayTake its executionTimeout
 * @param mayWait its TimeoutSeconds: how long after {@code sent} it may begin
 */
public record SentCommand(
    String id,
    String instanceId,
    String comment,
    String script,
    Duration mayTake,
    Duration mayWait,
    Instant sent) {}
