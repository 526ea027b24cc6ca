package hgauto.aws;

import hgauto.error.EnvironmentException;
import hgauto.state.PrivateFiles;
import hgauto.state.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import software.amazon.awssdk.profiles.Profile;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.profiles.ProfileProperty;

/**
 * The credentials of a self-hosted Try Server, in the format of an AWS shared credentials file, so
 * that any AWS client can use them: {@code AWS_SHARED_CREDENTIALS_FILE} names the file.
 */
public final class CredentialsFile {
  /** AWS's own ids begin with AKIA, ASIA and the like; ours cannot be taken for one of those. */
  private static final String ID_PREFIX = "HGTRY";

  private static final String ID_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  private static final String SECRET_ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

  private final Path file;

  /**
   * @param file the file, which may not exist yet; its folder must
   */
  public CredentialsFile(Path file) {
    this.file = file;
  }

  /**
   * The credentials in the file. Where there is no file, it is made with new ones, whole and
   * private from the moment it exists; of several processes that do so at once, one has its way and
   * all get the same.
   *
   * @throws EnvironmentException if the file cannot be made or read, or holds no credentials
   */
  public AccessKey readOrCreate() {
    try {
      if (Files.notExists(file, LinkOption.NOFOLLOW_LINKS)) {
        create(new AccessKey(ID_PREFIX + random(ID_ALPHABET, 15), random(SECRET_ALPHABET, 40)));
      }
      return read();
    } catch (IOException e) {
      throw new EnvironmentException(
          "cannot keep the Try Server's credentials in " + file,
          Reason.of(e),
          "Free some space or mend its permissions, or name another state folder with"
              + " --state-path.",
          e);
    }
  }

  /** A link, unlike a move, fails where the file exists already. */
  private void create(AccessKey key) throws IOException {
    String text =
        """
        # The credentials of this hgauto Try Server. Keep them private: who holds them can run code
        # on it. Delete this file and restart the server for new ones.
        [default]
        aws_access_key_id = %s
        aws_secret_access_key = %s
        """
            .formatted(key.id(), key.secret());
    Path draft = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID());
    try {
      PrivateFiles.replace(draft, text.getBytes(StandardCharsets.UTF_8));
      Files.createLink(file, draft);
    } catch (FileAlreadyExistsException e) {
      // Another process was first, and its credentials hold.
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  private AccessKey read() throws IOException {
    try (var content = Files.newInputStream(file)) {
      Optional<Profile> profile =
          ProfileFile.builder()
              .content(content)
              .type(ProfileFile.Type.CREDENTIALS)
              .build()
              .profile("default");
      return new AccessKey(
          property(profile, ProfileProperty.AWS_ACCESS_KEY_ID),
          property(profile, ProfileProperty.AWS_SECRET_ACCESS_KEY));
    } catch (IllegalArgumentException e) {
      throw damaged(e.getMessage(), e);
    }
  }

  private String property(Optional<Profile> profile, String name) {
    return profile
        .flatMap(found -> found.property(name))
        .filter(value -> !value.isBlank())
        .orElseThrow(() -> damaged("its [default] section has no " + name, null));
  }

  private EnvironmentException damaged(String why, Exception cause) {
    return new EnvironmentException(
        "the Try Server's credentials file " + file + " cannot be used",
        why,
        "Delete it, and new credentials are made.",
        cause);
  }

  private static String random(String alphabet, int length) {
    return new SecureRandom()
        .ints(length, 0, alphabet.length())
        .mapToObj(i -> alphabet.substring(i, i + 1))
        .collect(Collectors.joining());
  }
}
