package hgauto.testbed;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Another process that holds a file locked until it is closed, which kills it with -9. */
public final class LockHolder implements AutoCloseable {
  private final Process process;
  private final String marker;

  private LockHolder(Process process, String marker) {
    this.process = process;
    this.marker = marker;
  }

  /** Starts it; the file is locked when this returns. */
  public static LockHolder of(Path file) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                LockHolder.class.getName(),
                file.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    LockHolder holder = new LockHolder(process, file.toString());
    if (process.getInputStream().read() != 'L') {
      holder.close();
      throw new IOException("cannot lock " + file);
    }
    return holder;
  }

  @Override
  public void close() {
    try {
      process.destroyForcibly().waitFor(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Processes.awaitEnd(marker);
  }

  /** Locks the file that is named, says so, and waits to be killed. */
  public static void main(String[] args) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(args[0], "rw")) {
      if (file.getChannel().tryLock() == null) {
        return;
      }
      System.out.write('L');
      System.out.flush();
      System.in.read();
    }
  }
}
