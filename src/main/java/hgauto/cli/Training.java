package hgauto.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import hgauto.hg.Hg;
import hgauto.machine.Command;
import hgauto.machine.OpenSshAccess;
import hgauto.machine.SshAddress;
import hgauto.machine.SshKey;
import hgauto.machine.SshMachine;
import hgauto.machine.SshMachine.Download;
import hgauto.machine.SshMachine.Upload;
import hgauto.machine.StandInMachine;
import hgauto.poll.Poll;
import hgauto.release.LatestDat;
import hgauto.release.Sha256;
import hgauto.release.Site;
import hgauto.release.SiteFile;
import hgauto.release.SiteLock;
import hgauto.resource.Resource;
import hgauto.startup.ClassArchive;
import hgauto.tryserver.JobSettings;
import hgauto.tryserver.TryServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.Timer;
import java.util.TimerTask;

/**
 * A run whose only purpose is to load the classes that real runs need, so that the launcher can put
 * them into an archive. It does real work against a Try Server of its own, in this process, with
 * made-up credentials, and stand-ins for {@code hg}, for AWS and for a machine: no account, no
 * repository and no state of the user's is touched.
 */
public final class Training {
  /** The launcher takes an archive that is not there after ten minutes for abandoned. */
  private static final Duration LIMIT = Duration.ofMinutes(5);

  private Training() {}

  /**
   * Runs the training.
   *
   * @param args a folder, which must be the property {@code user.home} as well; the caller removes
   *     it
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    endAfter(LIMIT);
    Path work = Path.of(args[0]);
    Path checkout = Files.createDirectories(work.resolve("checkout"));
    Files.createDirectories(checkout.resolve(".hg"));
    String hg = standInForHg(work).toString();
    JobSettings jobs =
        new JobSettings(Optional.empty(), LIMIT, System.getenv("PATH"), work.toAbsolutePath());
    TryServer.Settings settings =
        new TryServer.Settings(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), work, jobs, 1);
    run(0, Map.of(), "--help");
    try (TryServer server = TryServer.forSource(settings, new Hg(hg), "nowhere");
        EmptyAccount aws = new EmptyAccount()) {
      System.setProperty("aws.sharedCredentialsFile", work.resolve("credentials").toString());
      System.setProperty("aws.disableEc2Metadata", "true");
      System.setProperty("aws.endpointUrlLambda", server.root().toString());
      System.setProperty("aws.endpointUrl", aws.root().toString());
      Map<String, String> environment = Map.of("HG", hg);
      String at = checkout.toString();
      String root = server.root().toString();
      run(1, environment, "try", "-R", at, "--server", root);
      run(0, environment, "try", "-R", at, "--server", "lambda", "--no-wait", "--state-path", at);
      run(0, environment, "list-ec2-resources", "--state-path", at);
      try (InputStream page = server.uri().toURL().openStream()) {
        page.transferTo(OutputStream.nullOutputStream());
      }
    }
    reachMachine(work, checkout, Map.of("HG", hg));
    ClassArchive.makeIfMissing(); // as Main does, but the launcher did not ask for it
  }

  /** What commands do that work on machines, until they find that this one is none of ours. */
  private static void reachMachine(Path work, Path checkout, Map<String, String> environment)
      throws IOException, InterruptedException {
    SshKey key = SshKey.generate().save(Files.createDirectories(work.resolve("keys")));
    try (StandInMachine there = StandInMachine.start(work, key);
        SshMachine machine =
            SshMachine.await(
                new SshMachine.Starting("training", () -> {}),
                there.address(),
                there.hostKeys(),
                key,
                Poll.real(),
                LIMIT);
        OpenSshAccess ssh = OpenSshAccess.to(machine, work.resolve("keys"))) {
      List<Upload> uploads = new ArrayList<>();
      List<Download> downloads = new ArrayList<>();
      for (String name : List.of("one", "two")) {
        Path file = Files.write(work.resolve(name), new byte[1_000_000]);
        uploads.add(new Upload(file, "/up-" + name, 0600));
        downloads.add(new Download("/up-" + name, work.resolve("down-" + name)));
      }
      machine.upload(uploads);
      machine.download(downloads);
      machine.put(ssh.command().getBytes(UTF_8), "/put", 0600);
      if (machine.read("/put", 100_000).isEmpty()
          || machine.read("/none", 1).isPresent()
          || !machine
              .ask("cannot train", Command.of("true").guarded("python3"), LIMIT)
              .equals("o")) {
        throw new IllegalStateException("the machine is not as it should be");
      }
      publish(new Site(machine, "/site/"), Files.createDirectory(work.resolve("site")), work);
      SshAddress at = there.address();
      Files.writeString(
          Files.createDirectories(work.resolve(".ssh")).resolve("known_hosts"),
          "[" + at.host() + "]:" + at.port() + " " + machine.hostKeyLine() + "\n");
      String url = at.toString();
      String state = work.toString();
      run(1, environment, "check-host", url, "--state-path", state);
      String root = checkout.toString();
      run(3, environment, "run-tests-linux", "-R", root, "--host", url, "--state-path", state);
    }
  }

  /** What publishing does on a web site. */
  private static void publish(Site site, Path folder, Path work)
      throws IOException, InterruptedException {
    Path file = work.resolve("one");
    SiteFile one = new SiteFile("one", file, Files.size(file), Sha256.of(file));
    SiteLock lock = SiteLock.of("training", folder.toString(), "1.0", Instant.now());
    LatestDat latest = LatestDat.of("training\n".getBytes(UTF_8));
    site.checkWritable();
    site.lock(lock);
    site.stage(List.of(one), (name, bytes, of) -> {}, (name, bytes, of) -> {});
    site.stageLatest(latest);
    site.reveal(one);
    site.replaceLatest(latest, Optional.empty());
    site.checkUnlocked(site.look(Set.of(one.name())), lock);
    site.unlock(lock);
  }

  private static void run(int expected, Map<String, String> environment, String... args) {
    PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    int code = new Main(environment, nowhere, nowhere).run(args);
    if (code != expected) { // then it has not loaded what it should
      throw new IllegalStateException(String.join(" ", args) + " ended with " + code);
    }
  }

  private static Path standInForHg(Path work) throws IOException {
    Path hg = work.resolve("hg");
    Files.write(hg, Resource.bytes(Training.class, "training-hg.sh"));
    return Files.setPosixFilePermissions(hg, PosixFilePermissions.fromString("rwx------"));
  }

  private static void endAfter(Duration limit) {
    TimerTask end =
        new TimerTask() {
          @Override
          public void run() {
            Runtime.getRuntime().halt(1);
          }
        };
    new Timer("time limit", true).schedule(end, limit.toMillis());
  }
}
