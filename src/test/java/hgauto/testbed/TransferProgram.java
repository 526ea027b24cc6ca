package hgauto.testbed;

import hgauto.machine.Command;
import hgauto.machine.HostKeys;
import hgauto.machine.SshAddress;
import hgauto.machine.SshKey;
import hgauto.machine.SshMachine;
import hgauto.machine.SshMachine.Download;
import hgauto.machine.SshMachine.Upload;
import hgauto.machine.TransferProgress;
import hgauto.release.Sha256;
import hgauto.release.Site;
import hgauto.release.SiteFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Transfers files, or takes in a million lines, as commands do that work on machines. {@code
 * scripts/bench} measures it.
 */
public final class TransferProgram {
  private static final Duration LIMIT = Duration.ofMinutes(5);

  private static final TransferProgress UNSEEN = (remote, bytes, of) -> {};

  private TransferProgram() {}

  /**
   * Prints how many seconds it took to connect, and then for each time that it was done.
   *
   * @param arguments the folder with the key; the server's address; a file with its public key;
   *     {@code up}, {@code down} or {@code lines}, or as publishing does it {@code rest}, or {@code
   *     stage}, which verifies; how many times; from which folder to which
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    SshKey key = SshKey.in(Path.of(arguments[0])).orElseThrow();
    HostKeys hostKeys = new HostKeys.Pinned(List.of(Files.readString(Path.of(arguments[2]))));
    long begin = System.nanoTime();
    try (SshMachine machine =
        SshMachine.connect(SshAddress.of(arguments[1]), hostKeys, key, LIMIT)) {
      System.out.print(since(begin));
      for (int left = Integer.parseInt(arguments[4]); left > 0; left--) {
        begin = System.nanoTime();
        carryOut(machine, arguments);
        System.out.print(" " + since(begin));
      }
    }
    System.out.println();
  }

  private static void carryOut(SshMachine machine, String[] arguments)
      throws IOException, InterruptedException {
    if (arguments[3].equals("lines")) {
      machine.run(
          Command.of("seq", "1000000"),
          OutputStream.nullOutputStream(),
          OutputStream.nullOutputStream(),
          LIMIT);
      return;
    }
    if (arguments[3].equals("stage")) {
      new Site(machine, arguments[6]).stage(siteFiles(arguments[5]), UNSEEN, UNSEEN);
      return;
    }
    List<Upload> uploads = new ArrayList<>();
    List<Download> downloads = new ArrayList<>();
    try (Stream<Path> files = Files.list(Path.of(arguments[5]))) { // both are folders of ours
      files.forEach(
          file -> {
            Path to = Path.of(arguments[6]).resolve(file.getFileName());
            uploads.add(new Upload(file, to.toString(), 0644));
            downloads.add(new Download(file.toString(), to));
          });
    }
    if (arguments[3].equals("up")) {
      machine.upload(uploads);
    } else if (arguments[3].equals("rest")) {
      machine.uploadRest(uploads, UNSEEN);
    } else {
      machine.download(downloads);
    }
  }

  private static List<SiteFile> siteFiles(String folder) throws IOException {
    List<SiteFile> found = new ArrayList<>();
    try (Stream<Path> files = Files.list(Path.of(folder))) {
      for (Path file : (Iterable<Path>) files::iterator) {
        found.add(
            new SiteFile(file.getFileName().toString(), file, Files.size(file), Sha256.of(file)));
      }
    }
    return found;
  }

  private static double since(long begin) {
    return (System.nanoTime() - begin) / 1e9;
  }
}
