package hgauto.tryserver;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.TypeAdapter;
import com.google.gson.reflect.TypeToken;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonWriter;
import hgauto.state.InstantText;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * Runs as JSON: {@code run.json} on disk and {@code /runs/ID.json}. Field names are those of {@link
 * Run}; times are ISO-8601 in UTC, status and outcome are lower-case words, what is not known is
 * left out.
 */
public final class RunJson {
  private static final Gson GSON =
      new GsonBuilder()
          .setPrettyPrinting()
          .registerTypeAdapter(Instant.class, new InstantText().nullSafe())
          .registerTypeAdapter(RunStatus.class, new LowerCase<>(RunStatus.class).nullSafe())
          .registerTypeAdapter(
              TestResult.Outcome.class, new LowerCase<>(TestResult.Outcome.class).nullSafe())
          .create();

  private RunJson() {}

  /** One run without its tests. */
  public static String write(Run run) {
    return GSON.toJson(run) + "\n";
  }

  /** One run with its tests in the field {@code tests}. */
  public static String write(Run run, List<TestResult> tests) {
    JsonObject json = GSON.toJsonTree(run).getAsJsonObject();
    json.add("tests", GSON.toJsonTree(tests));
    return GSON.toJson(json) + "\n";
  }

  /** Several runs, as an array in their order. */
  public static String write(List<Run> runs) {
    return GSON.toJson(runs) + "\n";
  }

  /**
   * Reads a run that was written with or without its tests. Fields that are not known are passed
   * over.
   *
   * @throws IOException if the text is no such record; the message says what is wrong with it
   */
  public static Run read(String json) throws IOException {
    Run run = parse(json, new TypeToken<Run>() {});
    if (run == null) {
      throw new IOException("the record of a run is empty");
    }
    require(run.id() > 0, "id");
    require(run.node() != null && run.node().matches("[0-9a-f]{40}"), "node");
    require(run.branch() != null, "branch");
    require(run.user() != null, "user");
    require(run.message() != null, "message");
    require(run.testFlags() != null && !run.testFlags().contains(null), "testFlags");
    require(run.submitted() != null, "submitted");
    require(run.status() != null, "status");
    return run;
  }

  /**
   * Reads the tests of a run that was written with them; there are none in a record without.
   *
   * @throws IOException as {@link #read}
   */
  public static List<TestResult> readTests(String json) throws IOException {
    JsonObject run = parse(json, new TypeToken<JsonObject>() {});
    if (run == null || !run.has("tests")) {
      return List.of();
    }
    List<TestResult> tests = parse(run.get("tests").toString(), new TypeToken<>() {});
    for (TestResult test : tests) {
      require(test != null && test.name() != null && test.outcome() != null, "tests");
      require(test.output() != null, "tests");
    }
    return tests;
  }

  private static <T> T parse(String json, TypeToken<T> type) throws IOException {
    try {
      return GSON.fromJson(json, type);
    } catch (JsonParseException e) {
      throw new IOException("the record of a run cannot be read: " + e.getMessage(), e);
    }
  }

  private static void require(boolean there, String field) throws IOException {
    if (!there) {
      throw new IOException("the record of a run has no proper \"" + field + "\"");
    }
  }

  private static final class LowerCase<E extends Enum<E>> extends TypeAdapter<E> {
    private final Class<E> type;

    LowerCase(Class<E> type) {
      this.type = type;
    }

    @Override
    public void write(JsonWriter out, E value) throws IOException {
      out.value(value.name().toLowerCase(Locale.ROOT));
    }

    @Override
    public E read(JsonReader in) throws IOException {
      String word = in.nextString();
      for (E value : type.getEnumConstants()) {
        if (value.name().toLowerCase(Locale.ROOT).equals(word)) {
          return value;
        }
      }
      throw new JsonParseException("no such word at " + in.getPath());
    }
  }
}
