package hgauto.release;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import hgauto.state.InstantText;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;

/**
 * Who is changing the web site: the file {@code .hgauto.lock} there.
 *
 * @param owner {@code user@host}
 * @param dist the folder on that host that is published
 * @param version of Mercurial
 * @param since when it was made; null if somebody has made it otherwise, and does not say so
 * @param run chosen at random, so that no two runs have the same lock; see {@link RecordedLocks}
 */
public record SiteLock(String owner, String dist, String version, Instant since, UUID run) {
  /** The file's name. */
  public static final String NAME = ".hgauto.lock";

  private static final Gson GSON =
      new GsonBuilder()
          .setPrettyPrinting()
          .disableHtmlEscaping()
          .registerTypeAdapter(Instant.class, new InstantText().nullSafe())
          .create();

  /** The lock of a run that begins. */
  public static SiteLock of(String owner, String dist, String version, Instant since) {
    return new SiteLock(
        owner, dist, version, since.truncatedTo(ChronoUnit.SECONDS), UUID.randomUUID());
  }

  /** Reads one; empty if it is none. */
  static Optional<SiteLock> of(byte[] content) {
    try {
      return Optional.ofNullable(GSON.fromJson(new String(content, UTF_8), SiteLock.class))
          .filter(lock -> lock.owner != null && lock.dist != null && lock.version != null);
    } catch (JsonParseException e) {
      return Optional.empty();
    }
  }

  byte[] bytes() {
    return (GSON.toJson(this) + "\n").getBytes(UTF_8);
  }

  /** For a person. */
  @Override
  public String toString() {
    return owner
        + " has been publishing version "
        + version
        + " from "
        + dist
        + (since == null ? "" : " since " + since);
  }
}
