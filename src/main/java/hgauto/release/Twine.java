package hgauto.release;

import hgauto.error.EnvironmentException;
import hgauto.error.HgautoException;
import hgauto.error.RemoteWorkException;
import hgauto.error.UsageException;
import hgauto.process.Guard;
import hgauto.process.LocalProgram;
import hgauto.process.OnShutdown;
import hgauto.state.Folders;
import hgauto.state.PrivateFiles;
import hgauto.state.Reason;
import hgauto.state.StateFolder;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The program that uploads to indexes of Python packages. It finds credentials by its own means
 * ({@code TWINE_USERNAME} and {@code TWINE_PASSWORD}, {@code ~/.pypirc}, the keyring), and asks
 * nobody; we never see them.
 */
public final class Twine {
  private static final Logger LOG = LoggerFactory.getLogger(Twine.class);

  /**
   * 6.1 is the first that reads all wheels of today: their metadata is of version 2.4 (PEP 639).
   */
  private static final int MAJOR = 6;

  private static final int MINOR = 1;

  private static final Pattern VERSION = Pattern.compile("twine version (\\d+)\\.(\\d+)\\S*");

  /** One wheel over a slow line. */
  private static final Duration AT_MOST = Duration.ofHours(1);

  /** What twine says is not to be cut at 80 columns. */
  private static final Map<String, String> PLAIN =
      Map.of(
          "COLUMNS", "1000",
          "PYTHONUTF8", "1",
          // what a person has set for other projects; twine wants some word for the first
          "TWINE_REPOSITORY", "pypi",
          "TWINE_REPOSITORY_URL", "");

  /**
   * What the guard ends with when it cannot start twine, and {@code env} when there is no guard.
   */
  private static final Set<Integer> NOT_STARTED = Set.of(126, 127);

  private static final Pattern HTTP_STATUS = Pattern.compile("HTTPError: (\\d{3})\\b");

  private static final String CREDENTIALS =
      "Say who you are as twine wants it: in TWINE_USERNAME and TWINE_PASSWORD, ~/.pypirc or the keyring;"
          + " on PyPI the user is __token__, and the password a token.";

  private final String program;
  private final Path home;
  private final Map<String, String> environment;
  private final boolean guarded;

  private Twine(String program, Path home, Map<String, String> environment, boolean guarded) {
    this.program = program;
    this.home = home;
    this.environment = environment;
    this.guarded = guarded;
  }

  /**
   * Finds one that is recent enough, or makes one.
   *
   * @param program a path, or a name that is looked up on the PATH
   * @param state where one is made if that is not there, or too old
   * @param home the person's, where {@code .pypirc} is
   * @param environment of twine, added to our own
   * @param beforeMaking is run before one is made, which takes half a minute
   * @throws EnvironmentException if there is none, and it cannot be made
   */
  public static Twine find(
      String program,
      StateFolder state,
      Path home,
      Map<String, String> environment,
      Runnable beforeMaking) {
    return find(program, state, home, environment, beforeMaking, !TwineEnvironment.WINDOWS);
  }

  /**
   * @param guarded whether an upload ends with us, even by {@code kill -9}; the guard does not run
   *     on Windows
   */
  static Twine find(
      String program,
      StateFolder state,
      Path home,
      Map<String, String> environment,
      Runnable beforeMaking,
      boolean guarded) {
    Map<String, String> all = new HashMap<>(environment);
    all.putAll(PLAIN);
    Twine there = new Twine(program, home, all, guarded);
    if (there.isRecent()) {
      return there;
    }
    Path made = new TwineEnvironment(state.twine(), all).program(beforeMaking);
    return new Twine(made.toString(), home, all, guarded);
  }

  private boolean isRecent() {
    try {
      LocalProgram.Result result = run(List.of("--version"));
      Matcher version = VERSION.matcher(result.out());
      if (result.exitCode() == 0 && version.lookingAt()) {
        int major = Integer.parseInt(version.group(1));
        int minor = Integer.parseInt(version.group(2));
        LOG.info("{} is {}", program, version.group());
        return major > MAJOR || (major == MAJOR && minor >= MINOR);
      }
      LOG.info("{} does not tell its version: {}", program, result);
    } catch (IOException e) {
      LOG.info("there is no {}: {}", program, Reason.of(e));
    }
    return false;
  }

  /**
   * Has it look whether an index would take what is in the wheels.
   *
   * @throws UsageException if it finds one that would be refused
   * @throws EnvironmentException if it cannot be run
   */
  public void check(List<ReleaseFile> wheels) {
    List<String> arguments = new ArrayList<>(List.of("check"));
    wheels.forEach(wheel -> arguments.add(wheel.file().toString()));
    LocalProgram.Result result;
    try {
      result = runGuarded(arguments); // as it is to upload, so that a missing guard is noticed now
    } catch (IOException e) {
      throw new EnvironmentException(
          "cannot run " + program, Reason.of(e), "Run the command again.", e);
    }
    if (result.exitCode() != 0) {
      throw new UsageException(
          "twine check refuses the wheels",
          (result.out() + result.err()).strip(),
          "Build them anew; nothing is published.");
    }
  }

  /**
   * Finds out whether an index would let the person upload, without uploading anything.
   *
   * @param upload the index's address for uploads
   * @return why that is not known; empty if it would
   * @throws EnvironmentException if it would not, or cannot be reached, or twine finds no
   *     credentials
   */
  public Optional<String> checkLogin(URI upload) {
    TwineLogin login = TwineLogin.ask(program, address(upload), home, environment);
    LOG.info("{} and the person: {}", upload.getHost(), login);
    return switch (login.answer()) {
      case KNOWN -> Optional.empty();
      case UNKNOWN -> Optional.of(login.reason());
      case MISSING ->
          throw new EnvironmentException(
              "twine finds no credentials for " + upload.getHost(), login.reason(), CREDENTIALS);
      case UNREACHABLE ->
          throw new EnvironmentException(
              "twine does not reach " + upload.getHost(),
              login.reason(),
              "Look whether it is well, and which proxy HTTPS_PROXY and NO_PROXY name. Nothing was"
                  + " sent.");
      case REFUSED ->
          throw new EnvironmentException(
              upload.getHost() + " refuses the credentials that twine finds",
              login.reason(),
              CREDENTIALS);
    };
  }

  /**
   * Uploads a wheel: a copy of it, whose hash is compared first, for the index forgets nothing and
   * whoever is at work in the folder does not wait for us. The wheel is in a {@code dist} that we
   * hold.
   *
   * @param upload the index's address for that
   * @throws UsageException if the file is no longer the one that was looked at
   * @throws UnknownUploadException if the index has not taken it, as far as twine knows
   * @throws EnvironmentException if nothing was sent, or the index does not know the person
   * @throws NameTakenException if the index says that it has a file of that name
   * @throws RemoteWorkException if the index refuses the wheel as it is
   */
  public void upload(ReleaseFile wheel, URI upload) {
    Path own = emptyFolder(wheel);
    try {
      OnShutdown.during(
          () -> {
            uploadFrom(own, wheel, upload);
            return null;
          },
          () -> delete(own));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unknown("this process is being ended");
    } finally {
      delete(own);
    }
  }

  private void uploadFrom(Path own, ReleaseFile wheel, URI upload) {
    List<String> arguments =
        new ArrayList<>(
            List.of("upload", "--non-interactive", "--disable-progress-bar", "--verbose"));
    arguments.addAll(address(upload));
    arguments.add(copy(wheel, own).toString());
    try {
      LocalProgram.Result result = runGuarded(arguments);
      LOG.debug("twine says: {}", result.out());
      if (result.exitCode() != 0) {
        throw failed(wheel, upload, result);
      }
    } catch (IOException e) { // it took too long, or we are ended; perhaps when all was sent
      throw unknown(Reason.of(e));
    }
  }

  private UnknownUploadException unknown(String why) {
    return new UnknownUploadException(
        "cannot run " + program + " to its end", why, "Run the command again.");
  }

  /** The one that whoever has dist the next time removes, if we are killed. */
  private static Path emptyFolder(ReleaseFile wheel) {
    MercurialVersion version = WheelName.of(wheel.name()).orElseThrow().version();
    Path folder = Dist.parts(wheel.file().resolveSibling(""), version);
    try {
      Folders.delete(folder);
      return PrivateFiles.createFolder(folder);
    } catch (IOException e) {
      throw new EnvironmentException(
          "cannot make " + folder, Reason.of(e), "Free some space, or mend its permissions.", e);
    }
  }

  private static void delete(Path own) {
    try {
      Folders.delete(own);
    } catch (IOException e) {
      LOG.info("{} stays", own, e);
    }
  }

  private static Path copy(ReleaseFile wheel, Path to) {
    try {
      Path copy = Files.copy(wheel.file(), to.resolve(wheel.name()));
      String sha256 = Sha256.of(copy);
      if (!sha256.equals(wheel.sha256())) {
        throw new UsageException(
            wheel.file() + " has changed since it was looked at",
            "its SHA-256 is " + sha256 + ", not " + wheel.sha256(),
            "Find out what changes packages in dist. It was not uploaded.");
      }
      return copy;
    } catch (IOException e) {
      throw new EnvironmentException(
          "cannot copy " + wheel.file() + " to " + to,
          Reason.of(e),
          "Free some space, or mend its permissions.",
          e);
    }
  }

  /**
   * What it uploads is to end with us, even by {@code kill -9}: the next run looks what is there.
   *
   * @throws EnvironmentException if it is not started
   * @throws IOException if it does not come to its end
   */
  private LocalProgram.Result runGuarded(List<String> arguments) throws IOException {
    LocalProgram.Result result;
    try {
      result =
          guarded
              ? LocalProgram.runWhen(
                  CompletableFuture.completedFuture(null),
                  Guard.over(List.of("env", "python3"), Optional.empty(), argv(arguments)),
                  home,
                  environment,
                  AT_MOST)
              : run(arguments);
    } catch (LocalProgram.NotStartedException e) {
      throw notStarted(Reason.of(e));
    }
    if (guarded && NOT_STARTED.contains(result.exitCode())) {
      throw notStarted(result.err().strip());
    }
    return result;
  }

  private EnvironmentException notStarted(String why) {
    return new EnvironmentException(
        "cannot start " + program,
        why,
        "It takes twine, and Python 3 as python3 on your PATH. Nothing was sent to the index.");
  }

  private List<String> address(URI upload) {
    try {
      return Pypirc.section(home.resolve(".pypirc"), upload)
          .map(section -> List.of("--repository", section))
          .orElse(List.of("--repository-url", upload.toString()));
    } catch (IOException e) {
      throw new EnvironmentException(
          "cannot read " + home.resolve(".pypirc"), Reason.of(e), "Mend it, or remove it.", e);
    }
  }

  private static HgautoException failed(ReleaseFile wheel, URI upload, LocalProgram.Result result) {
    String reason = reason(result);
    String what = upload.getHost() + " has not taken " + wheel.name();
    Matcher status = HTTP_STATUS.matcher(reason);
    int code = status.find() ? Integer.parseInt(status.group(1)) : 0;
    if (reason.contains("NonInteractive") || code == 401 || code == 403) {
      return new EnvironmentException(what, reason, CREDENTIALS);
    }
    if (code == 409 || (code == 400 && result.out().contains("already exist"))) {
      return new NameTakenException(
          what,
          reason,
          "It has a file of that name already, which nobody can replace; see hgauto release-status.");
    }
    if (code >= 400 && code < 500) {
      return new RemoteWorkException(
          what, reason, "The log has all that it said. Mend that, and run the command again.");
    }
    return new UnknownUploadException(
        what, reason, "Run the command again: what the index has already is skipped.");
  }

  /** What it says of its failure in the end, after "ERROR", in one line. */
  private static String reason(LocalProgram.Result result) {
    List<String> lines =
        Stream.of(result.out(), result.err())
            .flatMap(String::lines)
            .map(String::strip)
            .filter(line -> !line.isEmpty())
            .toList();
    int error = lines.size() - 1;
    while (error > 0 && !lines.get(error).startsWith("ERROR")) {
      error--;
    }
    String said = lines.stream().skip(Math.max(error, 0)).collect(Collectors.joining(" "));
    return said.isEmpty()
        ? "twine ended with code " + result.exitCode()
        : said.replaceFirst("^ERROR\\s+", "");
  }

  private LocalProgram.Result run(List<String> arguments) throws IOException {
    return LocalProgram.run(argv(arguments), home, environment, AT_MOST);
  }

  private List<String> argv(List<String> arguments) {
    return Stream.concat(Stream.of(program, "--no-color"), arguments.stream()).toList();
  }
}
