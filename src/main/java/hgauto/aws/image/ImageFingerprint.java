package hgauto.aws.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * Says what an image of ours was made from, so that one made from the same is used again. It covers
 * what ends up in the image and nothing else. What differs between two people who make the same
 * image, such as a password, an address, a security group, an owner or the time, has no place in
 * it: there is nowhere to put it but in a file that the image is made with, where it must not be.
 *
 * <p>It is the SHA-256 of JSON in UTF-8, without white space, with sorted keys: {@code
 * {"base_image":…,"disk_gib":…,"distro":…,"files":{NAME:SHA-256,…}}}.
 */
public final class ImageFingerprint {
  /** The tag of our images that has it. */
  public static final String TAG = "HGIMAGEFINGERPRINT";

  private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

  private final Map<String, Object> inputs = new TreeMap<>();
  private final Map<String, String> files = new TreeMap<>();

  /**
   * @param distro such as {@code debian12}
   * @param baseImage the id or the name of the image that ours is made of
   * @param diskGib the size of the root disk
   */
  public ImageFingerprint(String distro, String baseImage, int diskGib) {
    inputs.put("distro", distro);
    inputs.put("base_image", baseImage);
    inputs.put("disk_gib", diskGib);
    inputs.put("files", files);
  }

  /**
   * Adds a file that the image is made with: a script, or a list of requirements.
   *
   * @param name tells it from the others; not a path on this machine
   * @throws IllegalArgumentException if there is one of that name already
   */
  public ImageFingerprint file(String name, byte[] content) {
    if (files.put(name, sha256(content)) != null) {
      throw new IllegalArgumentException("two files " + name);
    }
    return this;
  }

  /** The fingerprint: 64 hexadecimal digits in lower case. */
  public String hex() {
    return sha256(GSON.toJson(inputs).getBytes(UTF_8));
  }

  private static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
