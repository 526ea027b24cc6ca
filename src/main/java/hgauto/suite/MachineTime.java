package hgauto.suite;

import java.time.Duration;
import java.util.Optional;

/**
 * How long a machine was there.
 *
 * @param type of a machine in EC2; empty for others, and where EC2 has not told it
 * @param duration from the request for it to its end
 */
public record MachineTime(Optional<String> type, Duration duration) {}
