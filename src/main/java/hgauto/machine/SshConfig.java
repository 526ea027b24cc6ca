package hgauto.machine;

import hgauto.error.EnvironmentException;
import hgauto.process.LocalProgram;
import hgauto.state.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a person's configuration of OpenSSH says of a host. {@code ssh -G} tells it, so that {@code
 * Include}, {@code Match} and whatever comes are taken as ssh takes them; see ssh_config(5).
 */
final class SshConfig {
  private static final Duration SAYS_SO = Duration.ofSeconds(30);
  private static final String NONE = "none";

  /** [user@]host[:port], as {@code ssh -G} prints it. */
  private static final Pattern HOP =
      Pattern.compile("(?:(.*)@)?(?:\\[(.*)\\]|([^:]*))(?::([0-9]+))?");

  /** A way that has more machines goes in a circle. */
  private static final int LONGEST_WAY = 8;

  private final List<String> ssh;
  private final String named;
  private final Map<String, String> environment;
  private final Map<String, List<String>> values;

  private SshConfig(
      List<String> ssh,
      String named,
      Map<String, String> environment,
      Map<String, List<String>> values) {
    this.ssh = ssh;
    this.named = named;
    this.environment = environment;
    this.values = values;
  }

  /**
   * Asks ssh.
   *
   * @param ssh the program and its first arguments
   * @param host as a person names it
   * @param environment may be named by the configuration
   * @throws EnvironmentException if there is no ssh, or it does not take the configuration or the
   *     host
   */
  static SshConfig of(
      List<String> ssh,
      String host,
      Optional<Integer> port,
      Optional<String> user,
      Map<String, String> environment) {
    return of(ssh, List.of(), host, port, user, environment);
  }

  private static SshConfig of(
      List<String> ssh,
      List<String> options,
      String host,
      Optional<Integer> port,
      Optional<String> user,
      Map<String, String> environment) {
    List<String> argv = new ArrayList<>(ssh);
    argv.addAll(options);
    argv.addAll(List.of("-G", "-T"));
    port.ifPresent(number -> argv.addAll(List.of("-p", number.toString())));
    user.ifPresent(name -> argv.addAll(List.of("-l", name)));
    argv.addAll(List.of("--", host));
    try {
      LocalProgram.Result result =
          LocalProgram.run(argv, Path.of("").toAbsolutePath(), Map.of(), SAYS_SO);
      if (result.exitCode() == 0) {
        return new SshConfig(ssh, host, environment, values(result.out()));
      }
      throw new EnvironmentException(
          "cannot find out how to reach " + host,
          "ssh says: " + result.err().strip(),
          "Mend your configuration of ssh, or the host's name; `"
              + argv.stream().map(Shell::shown).collect(Collectors.joining(" "))
              + "` says the same.");
    } catch (IOException e) {
      throw new EnvironmentException(
          "cannot run OpenSSH's ssh on this machine, which knows how you reach " + host,
          Reason.of(e),
          "Install it; Debian's package is openssh-client.",
          e);
    }
  }

  private static Map<String, List<String>> values(String lines) {
    return lines
        .lines()
        .map(line -> line.split(" ", 2))
        .filter(words -> words.length == 2)
        .collect(
            Collectors.groupingBy(
                words -> words[0], Collectors.mapping(words -> words[1], Collectors.toList())));
  }

  /**
   * The machines through which the host is reached, the first one first, and at last the host.
   *
   * @throws EnvironmentException if the configuration of one of them cannot be read, or they are
   *     too many
   */
  List<SshConfig> way() {
    Deque<SshConfig> way = new ArrayDeque<>();
    for (Optional<SshConfig> at = Optional.of(this); at.isPresent(); at = at.get().jump()) {
      way.addFirst(at.get());
      if (way.size() > LONGEST_WAY) {
        throw unreachable(
            "it goes through "
                + way.stream().map(hop -> hop.named).collect(Collectors.joining(", "))
                + ", and on",
            "Say `ProxyJump none` for the one that is reached directly.");
      }
    }
    return List.copyOf(way);
  }

  /** The machine from which the host is reached, by a configuration of its own, as ssh has it. */
  private Optional<SshConfig> jump() {
    return one("proxyjump")
        .map(
            hops -> {
              int before = Math.max(hops.lastIndexOf(','), 0);
              Matcher last = HOP.matcher(hops.substring(hops.lastIndexOf(',') + 1));
              if (!last.matches()) {
                throw unreachable("it has proxyjump " + hops, "Write it as user@host:port.");
              }
              return of(
                  ssh,
                  before == 0 ? List.of() : List.of("-J", hops.substring(0, before)),
                  Objects.requireNonNullElse(last.group(2), last.group(3)),
                  Optional.ofNullable(last.group(4)).map(Integer::valueOf),
                  Optional.ofNullable(last.group(1)),
                  environment);
            });
  }

  private EnvironmentException unreachable(String why, String next) {
    return new EnvironmentException(
        "cannot reach " + named + " as your configuration of ssh says", why, next);
  }

  /**
   * Where the host is, and the account.
   *
   * @throws EnvironmentException if it is reached by a program
   */
  SshAddress address() {
    if (one("proxycommand").isPresent()) {
      throw unreachable(
          "it has proxycommand " + one("proxycommand").get() + ", which hgauto does not run",
          "Say ProxyJump if the way is through another SSH server. Otherwise open a way with `ssh"
              + " -L`, and name its near end; or run hgauto on a machine that reaches it.");
    }
    return new SshAddress(
        one("user").orElseThrow(), hostname(), Integer.parseInt(one("port").orElseThrow()));
  }

  private String hostname() {
    return one("hostname").orElse(named);
  }

  /** The files that may have a private key; most are not there. */
  List<Path> identityFiles() {
    return all("identityfile").map(this::path).toList();
  }

  /** The files that have certificates of keys. */
  List<Path> certificateFiles() {
    return all("certificatefile").map(this::path).toList();
  }

  /** Whether only keys that are in files are to be shown. */
  boolean identitiesOnly() {
    return one("identitiesonly").filter("yes"::equals).isPresent();
  }

  /** The socket of the agent. */
  Optional<Path> agent() {
    String named = values.getOrDefault("identityagent", List.of("SSH_AUTH_SOCK")).get(0);
    if (named.equals(NONE)) {
      return Optional.empty();
    }
    String variable = named.startsWith("$") ? named.substring(1) : named;
    boolean isVariable = named.startsWith("$") || named.equals("SSH_AUTH_SOCK");
    return isVariable
        ? Optional.ofNullable(environment.get(variable)).filter(v -> !v.isEmpty()).map(Path::of)
        : Optional.of(path(named));
  }

  /**
   * Where keys of hosts are.
   *
   * @throws EnvironmentException if it names no file
   */
  HostKeys.KnownHosts knownHosts() {
    List<Path> files =
        Stream.of("userknownhostsfile", "globalknownhostsfile")
            .flatMap(this::all)
            .flatMap(line -> Arrays.stream(line.split(" (?=[~/%$])"))) // ssh does not quote them
            .filter(file -> !file.equals(NONE))
            .map(this::path)
            .toList();
    if (files.isEmpty()) {
      throw new EnvironmentException(
          "cannot make sure that " + named + " is the machine that you mean",
          "your configuration of ssh names no file of known hosts for it",
          "Let UserKnownHostsFile name one.");
    }
    return new HostKeys.KnownHosts(files, one("hostkeyalias"));
  }

  private Optional<String> one(String key) {
    return all(key).findFirst();
  }

  private Stream<String> all(String key) {
    return values.getOrDefault(key, List.of()).stream().filter(value -> !value.equals(NONE));
  }

  /** See TOKENS in ssh_config(5); of these, the ones that name people, hosts and folders. */
  private Path path(String text) {
    String home = System.getProperty("user.home");
    StringBuilder path = new StringBuilder();
    String rest = text.startsWith("~/") ? home + text.substring(1) : text;
    for (int at = 0; at < rest.length(); at++) {
      if (rest.startsWith("${", at) && rest.indexOf('}', at) > 0) {
        int end = rest.indexOf('}', at);
        path.append(environment.getOrDefault(rest.substring(at + 2, end), ""));
        at = end;
      } else if (rest.charAt(at) == '%' && at + 1 < rest.length()) {
        path.append(token(rest.charAt(++at), home));
      } else {
        path.append(rest.charAt(at));
      }
    }
    return Path.of(path.toString());
  }

  private String token(char token, String home) {
    return switch (token) {
      case '%' -> "%";
      case 'd' -> home;
      case 'h' -> hostname();
      case 'k' -> one("hostkeyalias").orElse(named);
      case 'n' -> named;
      case 'p' -> one("port").orElseThrow();
      case 'r' -> one("user").orElseThrow();
      case 'u' -> System.getProperty("user.name");
      default ->
          throw unreachable(
              "it names a file with %" + token + ", which hgauto does not take",
              "Write what that stands for; `ssh -G " + Shell.shown(named) + "` shows the line.");
    };
  }
}
