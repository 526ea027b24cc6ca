package hgauto.windows.build;

import hgauto.error.EnvironmentException;
import hgauto.error.MachineLostException;
import hgauto.error.RemoteWorkException;
import hgauto.release.Artifact;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one machine does: it builds packages as long as some wait, and each is fetched while the
 * next one is built.
 */
final class MachineWork {
  private static final Logger LOG = LoggerFactory.getLogger(MachineWork.class);

  /** Of a build that does not end by itself. */
  private static final Duration AT_MOST = Duration.ofHours(2);

  /** Of a fetch that is interrupted. */
  private static final Duration GIVES_UP_WITHIN = Duration.ofSeconds(10);

  /** How often a file is fetched that does not come whole. */
  private static final int ATTEMPTS = 3;

  private final BuildMachine machine;
  private final BuildQueue queue;
  private final PackageRun.Settings settings;

  /** Of the build or of a fetch, which may be the first to see it. */
  private volatile boolean lost;

  private volatile boolean failed;

  MachineWork(BuildMachine machine, BuildQueue queue, PackageRun.Settings settings) {
    this.machine = machine;
    this.queue = queue;
    this.settings = settings;
  }

  /** A package that is still on the machine. */
  private record Built(
      PackageBuild build, List<RemoteFile> files, Duration took, Instant at, Path log) {}

  /**
   * Works until nothing waits, or the machine is lost.
   *
   * @return whether all went well
   */
  boolean run() throws InterruptedException {
    ExecutorService fetching = Executors.newSingleThreadExecutor();
    try {
      Optional<PackageBuild> next = queue.take();
      while (next.isPresent()) {
        build(next.get()).ifPresent(built -> fetching.execute(() -> fetch(built)));
        next = lost ? Optional.empty() : queue.take();
      }
      fetching.shutdown();
      while (!fetching.awaitTermination(1, TimeUnit.MINUTES)) {
        LOG.info("packages are being fetched from {}", machine.name());
      }
    } finally {
      fetching.shutdownNow();
      awaitEnd(fetching);
    }
    return !failed;
  }

  /** Nothing is to be written any more once this has ended, even by an interrupt. */
  private void awaitEnd(ExecutorService fetching) {
    boolean interrupted = Thread.interrupted();
    try {
      if (!fetching.awaitTermination(GIVES_UP_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
        LOG.warn("a fetch from {} does not end", machine.name());
      }
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private Optional<Built> build(PackageBuild build) throws InterruptedException {
    Path path = settings.logs().resolve(build.fileName() + ".log");
    settings
        .told()
        .accept(
            build.fileName()
                + ": built on "
                + machine.name()
                + ", which may take "
                + build.expected().toMinutes()
                + " min; the log is "
                + path);
    Instant begin = settings.clock().instant();
    try (BuildLog log = new BuildLog(path, settings.told())) {
      int code =
          machine.run(build.script(), build.parameters(settings.changeset().node()), log, AT_MOST);
      Instant end = settings.clock().instant();
      if (code == 0) {
        return Optional.of(new Built(build, log.made(), Duration.between(begin, end), end, path));
      }
      throw new RemoteWorkException(
          "could not build " + build.fileName() + " on " + machine.name(),
          "its script ended with " + code + log.tailAfter(":\n"),
          "All that it printed is in " + path + ".");
    } catch (RuntimeException | Error e) {
      fail(PackageResult.failed(build, e, since(begin), path));
      return Optional.empty();
    }
  }

  private Duration since(Instant begin) {
    return Duration.between(begin, settings.clock().instant());
  }

  private void fetch(Built built) {
    PackageBuild build = built.build();
    LOG.debug("{} is to be fetched", build.fileName()); // scripts/bench windows looks for it
    try {
      RemoteFile file = onlyFile(built);
      Artifact artifact =
          new Artifact(
              file.name(),
              file.size(),
              file.sha256(),
              built.at().truncatedTo(ChronoUnit.SECONDS),
              built.took().toSeconds(),
              built.log().toString());
      fetch(build.remote(file.name()), artifact);
      queue.end(PackageResult.built(build, artifact, built.took(), built.log()));
      settings
          .told()
          .accept(
              build.fileName()
                  + ": done in "
                  + built.took().toSeconds()
                  + " s, "
                  + queue.unfinished()
                  + " of "
                  + queue.size()
                  + " left");
    } catch (InterruptedException e) {
      LOG.debug("{} is not needed any more", build, e);
    } catch (RuntimeException | Error e) {
      fail(PackageResult.failed(build, e, built.took(), built.log()));
    }
  }

  /** What the build has made, if it is what it was to make. */
  private static RemoteFile onlyFile(Built built) {
    PackageBuild build = built.build();
    List<RemoteFile> files = built.files();
    String look = "Look into its log, " + built.log() + ".";
    if (files.size() != 1) {
      throw new RemoteWorkException(
          "the build of " + build.fileName() + " has not made one file",
          files.isEmpty()
              ? "it ended well, but there is none"
              : "there are "
                  + files.stream().map(RemoteFile::name).collect(Collectors.joining(", ")),
          look);
    }
    RemoteFile file = files.get(0);
    if (!file.name().equals(build.fileName()) || file.size() == 0) {
      throw new RemoteWorkException(
          "the build of " + build.fileName() + " has made something else",
          "there is " + file.name() + ", " + file.size() + " bytes",
          look);
    }
    return file;
  }

  private void fetch(String remote, Artifact artifact) throws InterruptedException {
    try {
      for (int attempt = 1; ; attempt++) {
        try {
          machine.download(remote, artifact.size(), settings.dist().unfinished(artifact.name()));
          settings.dist().add(artifact);
          return;
        } catch (EnvironmentException e) {
          if (attempt == ATTEMPTS) {
            throw e;
          }
          LOG.info("{} is fetched again", remote, e);
        }
      }
    } finally {
      settings.dist().discard(artifact.name());
    }
  }

  private void fail(PackageResult result) {
    failed = true;
    Throwable why = result.failure().orElseThrow();
    String name = result.build().fileName();
    if (why instanceof MachineLostException loss) {
      lost = true;
      boolean again = queue.lose(result, loss);
      settings
          .told()
          .accept(
              name
                  + (again ? ": to be built again: " : ": failed: ")
                  + loss.what()
                  + ": "
                  + loss.why());
    } else {
      queue.end(result);
      settings.told().accept(name + ": failed: " + why.getMessage());
    }
  }
}
