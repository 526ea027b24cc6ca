package hgauto.testbed.windows;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;

/** A script that is being run: what it was given, and what it can do. */
public final class ScriptRun {
  private final JsonObject values;
  private final DriveC drive;
  private final OutputStream out;

  ScriptRun(JsonObject values, DriveC drive, OutputStream out) {
    this.values = values;
    this.drive = drive;
    this.out = out;
  }

  /** One of its values, as text. That it is missing is an error, as in strict mode. */
  public String value(String name) throws IOException {
    JsonElement value = values.get(name);
    if (value == null) {
      throw new IOException("The property '" + name + "' cannot be found on this object.");
    }
    return value.getAsString();
  }

  /** Whether it has that value. */
  boolean has(String name) {
    return values.has(name);
  }

  /** The machine's disk. */
  public DriveC drive() {
    return drive;
  }

  /** Prints a line as Windows does. */
  public void print(String line) throws IOException {
    write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
  }

  /** Prints what a program would, in whatever encoding. */
  public void write(byte[] output) throws IOException {
    out.write(output);
    out.flush();
  }

  /**
   * Takes a while of real time, as a script's work does: benches measure it, and what ends a script
   * has to find it at work. Nothing is waited for here, so this is no {@link hgauto.poll.Poll}.
   */
  public void pause(Duration time) throws InterruptedException {
    Thread.sleep(time.toMillis());
  }

  /** Takes until then, or no more time if that is over. */
  public void pauseUntil(Instant end) throws InterruptedException {
    Duration left = Duration.between(Instant.now(), end);
    pause(left.isNegative() ? Duration.ZERO : left);
  }
}
