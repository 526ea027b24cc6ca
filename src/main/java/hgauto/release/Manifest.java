package hgauto.release;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import com.google.gson.TypeAdapter;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonWriter;
import hgauto.error.EnvironmentException;
import hgauto.error.UsageException;
import hgauto.state.Reason;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was built of one version, and of which changeset: {@code dist/hgauto-VERSION.json}, on which
 * publishing builds.
 *
 * @param version of all artifacts
 * @param node the changeset that they were all built from, 40 hexadecimal digits
 * @param artifacts by name
 */
public record Manifest(String version, String node, List<Artifact> artifacts) {
  private static final Logger LOG = LoggerFactory.getLogger(Manifest.class);

  private static final Pattern NODE = Pattern.compile("[0-9a-f]{40}");
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  /** The name of a file, and no path. */
  private static final Pattern NAME = Pattern.compile("\\w[\\w.+-]*");

  private static final Gson GSON =
      new GsonBuilder()
          .setPrettyPrinting()
          .disableHtmlEscaping()
          .registerTypeAdapter(Instant.class, new InstantAsText().nullSafe())
          .create();

  /** The name of its file. */
  public static String fileName(MercurialVersion version) {
    return "hgauto-" + version + ".json";
  }

  /**
   * Reads that of a version.
   *
   * @param dist the folder that it is in
   * @return empty if there is no such file
   * @throws UsageException if it is none, is of another version, or names a file twice
   * @throws EnvironmentException if it cannot be read
   */
  static Optional<Manifest> of(Path dist, MercurialVersion version) {
    Path file = dist.resolve(fileName(version));
    Optional<Manifest> read = read(file);
    read.ifPresent(
        manifest -> {
          if (!manifest.version.equals(version.text())) {
            throw wrong(file, "it is of version " + manifest.version);
          }
          Set<String> names = new HashSet<>();
          for (Artifact artifact : manifest.artifacts) {
            if (!names.add(artifact.name())) {
              throw wrong(file, "it names " + artifact.name() + " twice");
            }
          }
        });
    return read;
  }

  private static UsageException wrong(Path file, String why) {
    return new UsageException(
        file + " is not the manifest that its name says",
        why,
        "Somebody has changed it. Remove it, and the packages that it was to name are built anew.");
  }

  /**
   * Reads one.
   *
   * @return empty if there is no such file
   * @throws UsageException if it is none
   * @throws EnvironmentException if it cannot be read
   */
  public static Optional<Manifest> read(Path file) {
    try {
      Manifest read = GSON.fromJson(Files.readString(file), Manifest.class);
      if (read == null || !read.isWhole()) {
        throw damaged(file, "parts are missing or wrong");
      }
      return Optional.of(new Manifest(read.version, read.node, List.copyOf(read.artifacts)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (JsonParseException | CharacterCodingException e) {
      LOG.info("{} cannot be read as a manifest", file, e);
      throw damaged(file, "it is not JSON, or a value in it is of another kind");
    } catch (IOException e) {
      throw new EnvironmentException("cannot read " + file, Reason.of(e), "", e);
    }
  }

  private static UsageException damaged(Path file, String why) {
    return new UsageException(
        file + " is no manifest",
        why,
        "Remove it, and the packages that it was to name are built anew.");
  }

  /** Gson leaves out what a file lacks, and says nothing. */
  private boolean isWhole() {
    return version != null
        && node != null
        && NODE.matcher(node).matches()
        && artifacts != null
        && artifacts.stream().allMatch(Manifest::isWhole);
  }

  private static boolean isWhole(Artifact artifact) {
    return artifact != null
        && artifact.name() != null
        && NAME.matcher(artifact.name()).matches()
        && artifact.size() > 0
        && artifact.sha256() != null
        && SHA256.matcher(artifact.sha256()).matches()
        && artifact.built() != null
        && artifact.log() != null;
  }

  /** The artifact of that name. */
  public Optional<Artifact> artifact(String name) {
    return artifacts.stream().filter(artifact -> artifact.name().equals(name)).findFirst();
  }

  /** This one with an artifact more, in place of one of the same name. */
  Manifest with(Artifact artifact) {
    List<Artifact> all = new ArrayList<>(artifacts);
    all.removeIf(other -> other.name().equals(artifact.name()));
    all.add(artifact);
    all.sort(Comparator.comparing(Artifact::name));
    return new Manifest(version, node, List.copyOf(all));
  }

  /** As the file has it. */
  byte[] bytes() {
    return (GSON.toJson(this) + "\n").getBytes(UTF_8);
  }

  private static final class InstantAsText extends TypeAdapter<Instant> {
    @Override
    public void write(JsonWriter out, Instant value) throws IOException {
      out.value(value.toString());
    }

    @Override
    public Instant read(JsonReader in) throws IOException {
      try {
        return Instant.parse(in.nextString());
      } catch (DateTimeException e) {
        throw new JsonParseException("a time is wrong", e);
      }
    }
  }
}
