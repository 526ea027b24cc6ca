package hgauto.console;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.TypeAdapter;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;

/** How {@code --json} writes a result. */
final class Json {
  private static final Gson GSON =
      new GsonBuilder()
          .setPrettyPrinting()
          .disableHtmlEscaping()
          .registerTypeAdapter(Instant.class, new AsString().nullSafe())
          .registerTypeAdapter(URI.class, new AsString().nullSafe())
          .create();

  private Json() {}

  static String write(Object result) {
    return GSON.toJson(result);
  }

  private static final class AsString extends TypeAdapter<Object> {
    @Override
    public void write(JsonWriter out, Object value) throws IOException {
      out.value(value.toString());
    }

    @Override
    public Object read(JsonReader in) {
      throw new UnsupportedOperationException("results are only written");
    }
  }
}
