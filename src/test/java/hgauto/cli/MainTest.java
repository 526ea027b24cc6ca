package hgauto.cli;

import static org.assertj.core.api.Assertions.assertThat;

import hgauto.console.Console;
import hgauto.error.EnvironmentException;
import hgauto.error.LeftoverException;
import hgauto.testbed.HgRepository;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs whole command lines in this process. */
class MainTest {
  private static final Set<String> WITHOUT_EXAMPLES = Set.of("try-server", "generate-completion");

  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int hgauto(String... arguments) {
    List<String> all = new ArrayList<>(List.of("--state-path", state().toString()));
    all.addAll(List.of(arguments));
    return new Main(
            Map.of("AWS_EC2_METADATA_DISABLED", "true"), new PrintWriter(out), new PrintWriter(err))
        .run(all.toArray(String[]::new));
  }

  private Path state() {
    return folder.resolve("state");
  }

  @Test
  void aloneItPrintsHelpOnOneScreenAndTouchesNothing() {
    assertThat(hgauto()).isZero();
    assertThat(out.toString())
        .contains("try ", "try-server", "Exit codes:")
        .satisfies(help -> assertThat(help.lines().count()).isLessThanOrEqualTo(40))
        .satisfies(help -> assertThat(help.lines()).allMatch(line -> line.length() <= 100));
    assertThat(err.toString()).isEmpty();
    assertThat(state()).doesNotExist();
  }

  @Test
  void theHelpThatTheBuildWroteIsThatOfTheCommands() {
    assertThat(HelpText.ifAskedFor(List.of("--help"))).contains(HelpText.make());
  }

  @Test
  void thePlaceOfTheStateFolderIsByTheHomeVariable() throws IOException {
    Files.createDirectories(folder.resolve(".hgautomation"));
    Files.writeString(folder.resolve(".hgautomation/config"), "hgauto.try.server = nowhere\n");
    int code =
        new Main(Map.of("HOME", folder.toString()), new PrintWriter(out), new PrintWriter(err))
            .run("try");
    assertThat(code).isEqualTo(2);
    assertThat(err.toString())
        .contains(
            "'nowhere' is neither", "The value is from " + folder.resolve(".hgautomation/config"));
  }

  @ParameterizedTest
  @CsvSource({
    "try",
    "try-server",
    "check-host",
    "bootstrap-linux-dev",
    "bootstrap-windows-dev",
    "run-tests-linux",
    "run-tests-windows",
    "build-all-windows-packages",
    "build-windows-wheel",
    "build-inno",
    "build-wix",
    "list-ec2-resources",
    "terminate-ec2-instances",
    "purge-ec2-resources",
    "generate-completion"
  })
  void everyCommandHasHelpWithTheGlobalOptions(String command) {
    assertThat(hgauto(command, "--help")).isZero();
    assertThat(out.toString())
        .contains("Usage: hgauto " + command, "--state-path", "--json", "--help")
        .doesNotContainPattern("[a-zA-Z]\\.\\n *[a-z]"); // a file's name is not broken
    assertThat(examples().isEmpty()).isEqualTo(WITHOUT_EXAMPLES.contains(command));
    assertThat(examples()).allMatch(line -> line.matches("  .*hgauto .*"));
    assertThat(out.toString()).containsOnlyOnce("Usage:");
    assertThat(state()).doesNotExist();
  }

  /** Each is on one line. */
  private List<String> examples() {
    return out.toString()
        .lines()
        .dropWhile(line -> !line.startsWith("Example"))
        .skip(1)
        .takeWhile(line -> !line.isEmpty())
        .toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tri|Unmatched argument at index 2: 'tri'",
        "try --sever embedded|Unknown option: '--sever'",
        "try --server nowhere|neither lambda, embedded nor the http:// address of a Try Server",
        "try -j4|run-tests.py come after --, as in: hgauto try -- -j4",
        "try --server http://host/runs/1|without a path",
        "try --server embedded --no-wait|--no-wait needs a Try Server that goes on by itself",
        "try --server http://|'http://' is not a URL",
        "try --time-limit soon|'soon' is not a time such as 90s, 15m, 2h or 30d",
        "try-server --listen here|'here' is not an address and port such as 127.0.0.1:8080",
        "try-server --listen 127.0.0.1:70000|'127.0.0.1:70000' is not an address and port",
        "run-tests-linux test-add.t -j4|come after --, as in: hgauto run-tests-linux -- -j4",
        "run-tests-linux --python-version 2.7|Use --python-version system3.",
        "run-tests-linux --filesystem ntfs|cannot run tests on a filesystem ntfs",
        "run-tests-linux --distro debian9|there is no distribution debian9 any more",
        "run-tests-linux --instances 0|cannot run tests on 0 machines",
        "run-tests-linux --instances 65|Say --instances 1 to 64.",
        "run-tests-linux --time-limit 4h|the machines end themselves after 240 minutes",
        "run-tests-linux --host builder|this is not the address of an SSH server: builder",
        "run-tests-linux --host ssh://a --spot|--spot and --host exclude each other",
        "run-tests-linux --host ssh://a --subnet x|--subnet and --host exclude each other",
        "run-tests-linux --host ssh://a --host ssh://hg@a:22|a host is named twice",
        "run-tests-linux -- --retest|run-tests.py cannot be given --retest",
        "run-tests-linux --instances 2 -- --shard-total 2|for several machines",
        "run-tests-windows --python-version 2.7|Use --python-version 3.9.",
        "run-tests-windows --arch arm64|Use --arch x64 or x86.",
        "run-tests-windows --instances 65|Say --instances 1 to 64.",
        "run-tests-windows --test-flags -j4 -- test-add.t|exclude each other",
        "run-tests-windows --test-flags 'a|its quote ' is not closed",
        "run-tests-windows --test-flags --retest|run-tests.py cannot be given --retest",
        "list-ec2-resources --dry-run|Unknown option: '--dry-run'",
        "list-ec2-resources eu-north-1|Unmatched argument at index 3: 'eu-north-1'",
        "check-host|Missing required parameter: 'HOST'",
        "check-host mi-0123456789abcdef0|mi-0123456789abcdef0 is not in EC2",
        "check-host i-nowhere|Write it like this: ssh://i-nowhere",
        "check-host builder:2222|Write it like this: ssh://builder:2222",
        "check-host http://builder|Write it like this: ssh://hg@builder or",
        "bootstrap-linux-dev --distros debian10|Use debian12.",
        "bootstrap-linux-dev --distros debian12,arch|Choose one of debian12, debian13,",
        "bootstrap-linux-dev --parallel 0|cannot make 0 images at a time",
        "build-windows-wheel --arch x86 arm|there is no architecture 'arm'",
        "build-inno --version seven|'seven' is not a version of Mercurial",
        "build-wix --instances 33|cannot build packages on 33 machines",
        "try-server --keep-runs 0|cannot keep 0 runs",
        "publish-windows-artifacts 7.2 --site-host b:65536|Say --site-host HOST or HOST:PORT.",
        "publish-windows-artifacts 7.2 --site-host b:0|a port is a number from 1 to 65535",
        "publish-windows-artifacts 7.2 --ssh-username=-x|Say --ssh-username NAME.",
        "publish-windows-artifacts 7.2 --site-host a@b:22|Say --site-host b:22 --ssh-username NAME.",
        "publish-windows-artifacts 7.2 --site-host u:pw@b:22|'…@b:22' is no host",
        "publish-windows-artifacts 7.2 --verify-url https://u:pw@b/ --no-mercurial-scm-org|folder, at b",
        "publish-windows-artifacts 7.2 --verify-url ^://u:pw@b|'…@b' is not a URL",
        "release-status 7.2 --repository-url http://u:p^w@b|'http://…@b' is not a URL",
        "terminate-ec2-instances --older-than 2|'2' is not a time such as 90s, 15m, 2h or 30d",
        "purge-ec2-resources --older-than 30d|Look at it with --dry-run, then confirm it with --yes"
      })
  void aWrongCommandLineIsRefusedWithCode2(String line, String message) {
    assertThat(hgauto(line.split(" "))).isEqualTo(2);
    assertThat(err.toString())
        .startsWith("error: ")
        .contains(message)
        .doesNotContain("u:p"); // of an address with a password
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void aTypoGetsASuggestion() {
    assertThat(hgauto("tri")).isEqualTo(2);
    assertThat(err.toString()).contains("Did you mean: hgauto try");
  }

  @Test
  void aFailureHasItsExitCodeAndIsInTheLog() throws IOException {
    assertThat(hgauto("try", "-R", folder.toString())).isEqualTo(2);
    assertThat(err)
        .hasToString(
            """
        error: not in a Mercurial checkout: %s
          neither this folder nor one above it has a .hg folder
          Change to your checkout, or name it with --repository.
        """
                .formatted(folder));
    try (var logs = Files.list(state().resolve("logs"))) {
      assertThat(logs)
          .singleElement()
          .satisfies(log -> assertThat(log.getFileName().toString()).contains("-try-"))
          .satisfies(log -> assertThat(log).content().contains("not in a Mercurial checkout"));
    }
  }

  @Test
  void whatCouldNotBeEndedAfterAFailureIsToldTooAndDecidesTheCode() {
    EnvironmentException failure = new EnvironmentException("cannot test", "no route", "");
    Main main = new Main(Map.of(), new PrintWriter(out), new PrintWriter(err));
    Console console = new Console(new PrintWriter(out), new PrintWriter(err), false, false);
    assertThat(main.failed(console, failure)).isEqualTo(3);
    failure.addSuppressed(new LeftoverException("i-1 is there", "forbidden", "end i-1", null));
    assertThat(main.failed(console, failure)).isEqualTo(4);
    assertThat(err.toString())
        .endsWith("error: cannot test\n  no route\nerror: i-1 is there\n  forbidden\n  end i-1\n");
  }

  @Test
  void optionsHaveDefaultsInTheConfigFile() throws IOException {
    HgRepository repository = HgRepository.create(Files.createDirectory(folder.resolve("repo")));
    repository.write("file", "1").commit("one");
    Files.createDirectory(state());
    Files.writeString(
        state().resolve("config"),
        """
        hgauto.try.hg = /nowhere/ünknown
        hgauto.try.sever = lambda
        hgauto.try-server.keep-runs = 5
        hgauto.try.json = true
        hgauto.state-path = /nowhere
        """);
    assertThat(hgauto("try", "-R", repository.root().toString())).isEqualTo(3);
    assertThat(err.toString())
        .contains("warning: no option has the name hgauto.try.sever, which the config file gives")
        .contains("warning: no option has the name hgauto.try.json") // it is hgauto.json
        .contains("warning: no option has the name hgauto.state-path")
        .doesNotContain("keep-runs")
        .contains("error: cannot run Mercurial's /nowhere/ünknown");
  }

  @Test
  void globalOptionsHaveDefaultsToo() throws IOException {
    Files.createDirectory(state());
    Files.writeString(state().resolve("config"), "hgauto.stacktrace = true\n");
    assertThat(hgauto("try", "-R", folder.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("at hgauto.hg.Checkout.find").doesNotContain("warning");
  }

  @Test
  void aConfigFileThatCannotBeReadIsAnError() throws IOException {
    Files.createDirectory(state());
    Files.write(state().resolve("config"), new byte[] {'a', '=', (byte) 0xff});
    assertThat(hgauto("try")).isEqualTo(3);
    assertThat(err.toString())
        .startsWith("error: cannot read the defaults in " + state().resolve("config"));
  }

  @Test
  void aRevisionThatBeginsWithAnAtSignIsNotAFileOfArguments() throws IOException {
    Files.writeString(folder.resolve("name"), "--help");
    assertThat(hgauto("try", "-R", folder.toString(), "-r", "@" + folder.resolve("name")))
        .isEqualTo(2);
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void aRelativeProgramIsMeantFromTheCurrentFolder() throws IOException {
    HgRepository repository = HgRepository.create(Files.createDirectory(folder.resolve("repo")));
    assertThat(hgauto("try", "-R", repository.root().toString(), "--hg", "./no/hg")).isEqualTo(3);
    assertThat(err.toString())
        .startsWith("error: cannot run Mercurial's " + Path.of("no/hg").toAbsolutePath().getRoot());
  }

  @Test
  void aStatePathThatNoFileCanHaveIsRefused() {
    assertThat(
            new Main(Map.of(), new PrintWriter(out), new PrintWriter(err))
                .run("--state-path", "a\0b", "try"))
        .isEqualTo(2);
    assertThat(err.toString()).startsWith("error: the state folder cannot have this name");
  }

  @Test
  void completionIsAScriptThatKnowsTheCommands() {
    assertThat(hgauto("generate-completion")).isZero();
    assertThat(out.toString()).contains("complete -F", "--state-path", "try-server");
  }

  @Test
  void theEmbeddedServerCannotBeLeftToItself() throws IOException {
    HgRepository repository = HgRepository.create(Files.createDirectory(folder.resolve("repo")));
    repository.write("file", "1").commit("one");
    assertThat(
            hgauto("try", "-R", repository.root().toString(), "--server", "embedded", "--no-wait"))
        .isEqualTo(2);
    assertThat(err.toString()).contains("--no-wait needs a Try Server that goes on by itself");
  }
}
