package hgauto.release;

import java.time.Instant;

/**
 * A file that was built, as the manifest records it.
 *
 * @param name of the file
 * @param size in bytes
 * @param sha256 64 hexadecimal digits, lower case
 * @param built when its build ended
 * @param seconds how long its build took
 * @param log the file on this machine with all that the build printed; it may be gone by now
 */
public record Artifact(
    String name, long size, String sha256, Instant built, long seconds, String log) {}
