package hgauto.tryserver;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/**
 * What a client asks for: the payload of the Lambda function {@code ci-try-server-upload}, as
 * {@code automation.py try} and {@code hgauto try} send it. Everything in it is the submitter's
 * word.
 *
 * @param bundle a bundle file, see {@code hg help bundlespec}
 * @param node the changeset to test, 40 hexadecimal digits
 * @param branch its named branch
 * @param user its author
 * @param message its description
 * @param testFlags arguments for run-tests.py; none is {@code automation.py}'s form
 */
@SuppressWarnings("ArrayRecordComponent") // made once, read once, and never compared
public record Submission(
    byte[] bundle,
    String node,
    String branch,
    String user,
    String message,
    List<String> testFlags) {

  private static final int MOST_FLAGS = 2000; // tests may be named one by one

  private static final int MOST_TEXT = 4_000_000;

  /** The names of the fields on the wire. */
  private record Wire(
      String bundle,
      String node,
      String branch,
      String user,
      String message,
      List<String> test_flags) {}

  /**
   * The request as JSON in UTF-8; without flags exactly the fields that {@code automation.py}
   * sends.
   */
  public byte[] toJson() {
    Wire wire =
        new Wire(
            Base64.getEncoder().encodeToString(bundle),
            node,
            branch,
            user,
            message,
            testFlags.isEmpty() ? null : testFlags);
    ByteArrayOutputStream json = new ByteArrayOutputStream(wire.bundle.length() + 4096);
    try (Writer text = new OutputStreamWriter(json, StandardCharsets.UTF_8)) {
      new Gson().toJson(wire, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return json.toByteArray();
  }

  /**
   * Reads a request.
   *
   * @throws RejectedException when a field is missing or is not what it should be
   */
  public static Submission fromJson(byte[] json) throws RejectedException {
    Wire wire;
    // Bundles are large: none of this holds the text as a whole beside the bytes.
    try (Reader text =
        new InputStreamReader(
            new ByteArrayInputStream(json), StandardCharsets.UTF_8.newDecoder())) {
      wire = new Gson().fromJson(text, Wire.class);
    } catch (IOException | JsonParseException e) {
      throw new RejectedException(
          e.getCause() instanceof CharacterCodingException
              ? "the request is not in UTF-8"
              : "the request is not a JSON object with the expected fields");
    }
    if (wire == null) {
      throw new RejectedException("the request is empty");
    }
    List<String> flags = wire.test_flags == null ? List.of() : wire.test_flags;
    if (flags.size() > MOST_FLAGS) {
      throw new RejectedException("there are more than " + MOST_FLAGS + " test flags");
    }
    for (String flag : flags) {
      if (flag == null || flag.indexOf('\0') >= 0) {
        throw new RejectedException("a test flag is null or holds a NUL");
      }
    }
    String node = required("node", wire.node);
    if (!node.matches("[0-9a-f]{40}")) {
      throw new RejectedException("the node is not 40 hexadecimal digits");
    }
    return new Submission(
        decode(required("bundle", wire.bundle)),
        node,
        text("branch", wire.branch),
        text("user", wire.user),
        text("message", wire.message),
        List.copyOf(flags));
  }

  private static String required(String name, String value) throws RejectedException {
    if (value == null) {
      throw new RejectedException("the field " + name + " is missing");
    }
    return value;
  }

  /** What is kept and shown, in contrast to the bundle. */
  private static String text(String name, String value) throws RejectedException {
    if (required(name, value).length() > MOST_TEXT) {
      throw new RejectedException(
          "the field " + name + " is longer than " + MOST_TEXT + " characters");
    }
    return value;
  }

  private static byte[] decode(String base64) throws RejectedException {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new RejectedException("the bundle is not valid base64");
    }
  }
}
