package hgauto.aws.lease;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import hgauto.state.InstantText;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * What the journal knows of a lease. Times are AWS's, whatever this machine's clock says.
 *
 * @param token the client token of the request that launches it, by which EC2 finds what came of it
 * @param account the 12 digits of the account
 * @param owner as in the tag {@code hgauto:owner}
 * @param run as in the tag {@code hgauto:run}
 * @param name as in the tag {@code Name}
 * @param created when the entry was made, just before the request
 * @param expires when the machine ends itself
 * @param kept whether its owner left it running on purpose
 * @param instanceId null as long as EC2 has not told
 */
record LeaseEntry(
    String token,
    String account,
    String region,
    String owner,
    String run,
    String name,
    Instant created,
    Instant expires,
    boolean kept,
    String instanceId) {
  /** All tokens begin with it. */
  static final String TOKEN_PREFIX = "hgauto-";

  /** A request may still be on its way, and a new instance unseen, but not for longer than this. */
  private static final Duration LAUNCHED_WITHIN = Duration.ofMinutes(15);

  /** A token, also at the beginning of something longer. */
  static final Pattern TOKEN =
      Pattern.compile(TOKEN_PREFIX + "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  private static final Gson GSON =
      new GsonBuilder()
          .setPrettyPrinting()
          .registerTypeAdapter(Instant.class, new InstantText().nullSafe())
          .create();

  /** A token that nobody has used; EC2 takes up to 64 characters of ASCII. */
  static String newToken() {
    return TOKEN_PREFIX + UUID.randomUUID();
  }

  /** The id of the instance, if EC2 has told. */
  Optional<String> instance() {
    return Optional.ofNullable(instanceId);
  }

  /** Whether what EC2 does not find by now is not there, and will not come. */
  boolean isOld(Instant now) {
    return now.isAfter(created.plus(LAUNCHED_WITHIN));
  }

  LeaseEntry withInstance(String id) {
    return new LeaseEntry(token, account, region, owner, run, name, created, expires, kept, id);
  }

  LeaseEntry asKept() {
    return new LeaseEntry(
        token, account, region, owner, run, name, created, expires, true, instanceId);
  }

  /** As the file {@code lease.json}. */
  String toJson() {
    return GSON.toJson(this) + "\n";
  }

  /**
   * Reads what {@link #toJson} wrote; fields that are not known are passed over.
   *
   * @throws NoLeaseException if it is not that; the message says what is wrong
   */
  static LeaseEntry fromJson(String json) throws NoLeaseException {
    LeaseEntry entry;
    try {
      entry = GSON.fromJson(json, LeaseEntry.class);
    } catch (JsonParseException e) {
      throw new NoLeaseException("it is not the JSON of a lease: " + e.getMessage(), e);
    }
    if (entry == null) {
      throw new NoLeaseException("it is empty");
    }
    require(entry.token, "token");
    require(entry.account, "account");
    require(entry.region, "region");
    require(entry.owner, "owner");
    require(entry.run, "run");
    require(entry.name, "name");
    require(entry.created, "created");
    require(entry.expires, "expires");
    return entry;
  }

  private static void require(Object value, String field) throws NoLeaseException {
    if (value == null) {
      throw new NoLeaseException("it has no \"" + field + "\"");
    }
  }
}
