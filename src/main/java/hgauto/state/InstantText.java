package hgauto.state;

import com.google.gson.JsonParseException;
import com.google.gson.TypeAdapter;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;

/** A time in JSON, as ISO-8601 in UTC: {@code 2026-01-31T23:59:59Z}. */
public final class InstantText extends TypeAdapter<Instant> {
  @Override
  public void write(JsonWriter out, Instant time) throws IOException {
    out.value(time.toString());
  }

  @Override
  public Instant read(JsonReader in) throws IOException {
    String text = in.nextString();
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw new JsonParseException("no time in UTC at " + in.getPath(), e);
    }
  }
}
