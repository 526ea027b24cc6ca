package hgauto.testbed;

import hgauto.testbed.aws.AwsProxy;
import hgauto.windows.WindowsFingerprints;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.function.UnaryOperator;

/**
 * An account whose instances stand in for Windows machines, all of it far away, for {@code
 * scripts/bench windows}; and a machine that has as many files as there will be packages. They end
 * when standard input does.
 *
 * <p>Arguments: an empty folder, the round trip in milliseconds, how long each build takes in
 * milliseconds, how many packages there are, and their size in bytes. What hgauto is to be run in
 * is {@code source} in the folder, with the state folder {@code hgauto/state} and the home {@code
 * hgauto/home}. Prints what it needs in its environment, a line each; the other machine's address,
 * by which its host key is known, after "sftp "; and "ready".
 */
public final class WindowsProgram {
  private static final int SSH = 22;

  private WindowsProgram() {}

  /** The program. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    Duration roundTrip = Duration.ofMillis(Long.parseLong(arguments[1]));
    HgautoProgram hgauto = new HgautoProgram(Files.createDirectory(folder.resolve("hgauto")));
    HgRepository source = WindowsSource.create(folder.resolve("source"));
    try (AwsProxy aws = new AwsProxy();
        LinuxHost files =
            LinuxHost.start(hgauto, folder.resolve("files"), UnaryOperator.identity());
        SlowLink way =
            SlowLink.to(
                new InetSocketAddress(files.machine().address(), SSH),
                roundTrip.dividedBy(2),
                roundTrip.dividedBy(2))) {
      aws.withMachines(folder.resolve("machines")).farMachines(roundTrip);
      WindowsFingerprints.addImage(aws, source);
      aws.windows().buildsTake(Duration.ofMillis(Long.parseLong(arguments[2])));
      int size = Integer.parseInt(arguments[4]);
      aws.windows().packagesHave(size);
      makeFiles(files.machine().path("/home/hg"), Integer.parseInt(arguments[3]), size);
      aws.delay(roundTrip);
      aws.environment().forEach((name, value) -> System.out.println(name + "=" + value));
      System.out.println("sftp " + files.machine().address() + " " + way.port());
      System.out.println("ready");
      System.in.read();
    }
  }

  private static void makeFiles(Path folder, int count, int size) throws IOException {
    byte[] content = new byte[size];
    for (int number = 1; number <= count; number++) {
      new Random(number).nextBytes(content);
      Files.write(folder.resolve("package-" + number), content);
    }
  }
}
