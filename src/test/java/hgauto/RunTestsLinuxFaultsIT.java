package hgauto;

import static org.assertj.core.api.Assertions.assertThat;

import hgauto.machine.LaunchHostKey;
import hgauto.testbed.HgRepository;
import hgauto.testbed.HgautoProgram;
import hgauto.testbed.HgautoProgram.Result;
import hgauto.testbed.HgautoProgram.Running;
import hgauto.testbed.LinuxHost;
import hgauto.testbed.Processes;
import hgauto.testbed.StandInSource;
import hgauto.testbed.machine.MachineSpec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What can go wrong while {@code run-tests-linux} works on a host. */
@Timeout(600)
class RunTestsLinuxFaultsIT {
  private static final String HG = "/hgdev/venv-bootstrap/bin/hg";

  /** Prints a word, which comes here after all that was told of tests before. */
  private static final String TOLD = "--do=print('all is told', flush=True)";

  @TempDir private Path temp;
  private HgautoProgram hgauto;
  private HgRepository source;

  @BeforeEach
  void setUp() throws IOException {
    hgauto = new HgautoProgram(Files.createDirectory(temp.resolve("hgauto")));
    source = StandInSource.create(temp.resolve("source"));
  }

  private LinuxHost host() throws IOException {
    return host(UnaryOperator.identity());
  }

  private LinuxHost host(UnaryOperator<MachineSpec> changes) throws IOException {
    return LinuxHost.start(hgauto, temp.resolve("machine"), changes).withSource(source);
  }

  private static String[] line(LinuxHost host, String... arguments) {
    List<String> all = new ArrayList<>(List.of("run-tests-linux", "--host", host.url()));
    all.addAll(List.of(arguments));
    return all.toArray(String[]::new);
  }

  private Result run(LinuxHost host, String... arguments) throws Exception {
    return hgauto.run(source.root(), line(host, arguments));
  }

  private static void assertFails(Result result, int code, String... words) {
    assertThat(result.err()).contains("error: ").contains(words).doesNotContain("Exception");
    assertThat(result.exitCode()).as(result.err()).isEqualTo(code);
  }

  /** Where a run can hang, and by what it does then. */
  enum Phase {
    PREPARATION {
      @Override
      List<String> hang(LinuxHost host, String marker) {
        host.program("/usr/local/bin/cp", lasting(marker));
        return List.of();
      }

      @Override
      void goOn(LinuxHost host) {
        host.machine().run("rm", "/usr/local/bin/cp");
      }
    },
    PUSH {
      @Override
      List<String> hang(LinuxHost host, String marker) {
        String waiting = "exec python3 -c 'import sys; sys.stdin.read()' " + marker;
        hgThatHangs(host, "*serve*", waiting);
        return List.of();
      }

      @Override
      void goOn(LinuxHost host) {
        host.machine().run("mv", HG + ".real", HG);
      }
    },
    PURGE {
      @Override
      List<String> hang(LinuxHost host, String marker) {
        hgThatHangs(host, "*purge*", lasting(marker));
        return List.of();
      }

      @Override
      void goOn(LinuxHost host) {
        host.machine().run("mv", HG + ".real", HG);
      }
    },
    BUILD {
      @Override
      List<String> hang(LinuxHost host, String marker) {
        hgThatHangs(host, "update*", lasting(marker));
        return List.of();
      }

      @Override
      void goOn(LinuxHost host) {
        host.machine().run("mv", HG + ".real", HG);
      }
    },
    TESTS {
      @Override
      List<String> hang(LinuxHost host, String marker) {
        return List.of("--", "--begin=test-long.t", TOLD, StandInSource.lasting(marker));
      }

      @Override
      void goOn(LinuxHost host) {}
    };

    /** Returns further arguments for the command. */
    abstract List<String> hang(LinuxHost host, String marker);

    abstract void goOn(LinuxHost host);

    private static String lasting(String marker) {
      return "exec python3 -c 'import time; time.sleep(1000)' " + marker;
    }

    private static void hgThatHangs(LinuxHost host, String when, String waiting) {
      host.machine().run("mv", HG, HG + ".real");
      host.program(
          HG, "case \"$*\" in " + when + ") " + waiting + " ;; esac\nexec " + HG + ".real \"$@\"");
    }
  }

  @Test
  void startUpFilesThatPrintAreToldWithTheWayOut() throws Exception {
    try (LinuxHost host = host()) {
      host.machine().run("sh", "-c", "echo echo hello >~hg/.bashrc");
      source.write("file", "1").commit("the draft");
      source.write("file", "2");
      assertFails(run(host, "--include-uncommitted"), 3, "prints something", "~hg/.bashrc");
      assertThat(run(host).err())
          .contains("warning: the reports are not whole: cannot read the results of ")
          .contains(". Look whether the account's shell prints anything there by itself.\n");
    }
  }

  @Test
  void anInterruptEndsWhateverGoesOnThere() throws Exception {
    try (LinuxHost host = host()) {
      for (Phase phase : Phase.values()) {
        String marker = "marker-" + UUID.randomUUID();
        List<String> more = phase.hang(host, marker);
        try (Running running =
            hgauto.start(source.root(), line(host, more.toArray(String[]::new)))) {
          Processes.awaitStart(") " + marker); // and not in a command line of ours
          Result result = running.signal("INT").end();
          assertThat(result.exitCode()).as(phase + result.err()).isEqualTo(130);
          assertThat(result.err())
              .containsPattern(
                  "\ninterrupted: what runs on the machines is ended\ntime: \\d+\\.\\d s\n$");
        }
        Processes.awaitEnd(marker);
        assertThat(hgauto.temporaryFiles()).isEmptyDirectory();
        phase.goOn(host);
      }
      assertThat(run(host).err()).contains("PASSED: 1 passed");
    }
  }

  /** As the kernel does it when memory is full. */
  @ParameterizedTest
  @EnumSource
  void whereItIsKilledNothingGoesOnHereOrThere(Phase phase) throws Exception {
    try (LinuxHost host = host()) {
      String marker = "marker-" + UUID.randomUUID();
      List<String> more = phase.hang(host, marker);
      try (Running running = hgauto.start(source.root(), line(host, more.toArray(String[]::new)))) {
        Processes.awaitStart(") " + marker); // and not in a command line of ours
        running.signal("KILL").end();
      }
      Processes.awaitEnd(marker);
      Processes.awaitEnd(host.url().replace("ssh://", "hg@")); // hg push, and ssh
      phase.goOn(host);
      assertThat(run(host).err()).contains("PASSED: 1 passed");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aMachineThatIsLostIsSaid(Phase phase) throws Exception {
    try (LinuxHost host = host()) {
      String marker = "marker-" + UUID.randomUUID();
      List<String> more = phase.hang(host, marker);
      try (Running running = hgauto.start(source.root(), line(host, more.toArray(String[]::new)))) {
        Processes.awaitStart(") " + marker); // and not in a command line of ours
        if (phase == Phase.TESTS) {
          awaitTold(running); // what is on its way is lost with the machine
        }
        host.machine().cut();
        Result result = running.end();
        assertFails(result, 3, host.url().replace("ssh://", "ssh://hg@"));
        if (phase == Phase.TESTS) {
          assertThat(result.err())
              .contains("; test-long.t was running\n")
              .contains("FAILED: 1 passed, 0 failed, 0 skipped, others may not have run");
          assertThat(results("report.json")).contains("\"test-good.t\"");
        }
      }
      assertThat(hgauto.temporaryFiles()).isEmptyDirectory();
    }
  }

  private static void awaitTold(Running running) {
    Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> running.out().contains("all is told\n"));
  }

  /** Puts a script before hg, which is then {@code $0.real}. */
  private static void beforeHg(LinuxHost host, String script) {
    host.machine().run("mv", HG, HG + ".real");
    host.program(HG, script + "exec $0.real \"$@\"");
  }

  /** It gets three seconds to do so. */
  @Test
  void nothingIsCheckedOutBeforeThePurgeIsDone() throws Exception {
    String script =
        """
        case "$*" in
        *purge*)
          until $0.real -R /hgwork/src log -r NODE >/dev/null 2>&1; do sleep 0.1; done
          for i in $(seq 30); do [ -e /tmp/early ] || sleep 0.1; done
          touch /tmp/purged ;;
        update*) [ -e /tmp/purged ] || touch /tmp/early ;;
        esac
        """;
    try (LinuxHost host = host()) {
      beforeHg(host, script.replace("NODE", source.write("file", "1").commit("the draft")));
      assertThat(run(host).err()).contains("PASSED: 1 passed");
      assertThat(host.machine().path("/tmp/purged")).exists();
      assertThat(host.machine().path("/tmp/early")).doesNotExist();
    }
  }

  @Test
  void aPurgeThatFailsEndsThePush() throws Exception {
    String script =
        """
        case "$*" in
        *serve*) touch /tmp/serves; exec sleep 1000 ;;
        *purge*)
          until [ -e /tmp/serves ]; do sleep 0.1; done
          echo no purge >&2; exit 1 ;;
        esac
        """;
    try (LinuxHost host = host()) {
      beforeHg(host, script);
      assertFails(run(host), 3, "cannot prepare /hgwork on", "no purge");
      assertThat(hgauto.temporaryFiles()).isEmptyDirectory();
    }
  }

  @Test
  void whatAMachineLacksIsNamedWithTheRemedy() throws Exception {
    try (LinuxHost host = host()) {
      assertFails(
          run(host, "--python-version", "3.9"),
          3,
          "there is no /hgdev/pyenv/shims/python3.9",
          "Choose with --python-version among those that are there: system3 3.");
      host.machine().run("mv", "/hgdev/src", "/hgdev/away");
      assertFails(run(host), 3, "there is no Mercurial repository in /hgdev/src");
      host.machine().run("mv", HG, HG + ".away");
      assertFails(run(host), 3, "there is no " + HG);
      host.machine().run("mv", "/hgdev/venv-bootstrap", "/hgdev/venv");
      assertFails(run(host), 3, "No such file", "hgauto check-host tells");
    }
  }

  @Test
  void aFilesystemThatCannotBeIsSaid() throws Exception {
    try (LinuxHost host = host(spec -> spec.without("/usr/sbin/mkfs.xfs"))) {
      assertFails(
          run(host, "--filesystem", "xfs"),
          3,
          "there is no mkfs.xfs",
          "Install the package xfsprogs");
      host.program("/usr/local/bin/lsblk", "echo '{\"blockdevices\": []}'");
      assertFails(
          run(host, "--filesystem", "ext4"), 3, "there is no unused disk", "Give it an empty disk");
    }
  }

  @Test
  void aFullDiskIsSaid() throws Exception {
    try (LinuxHost host = host(spec -> spec.roomFor(64))) {
      host.machine().run("sh", "-c", "cat /dev/zero >/fill || true");
      assertFails(run(host), 3, "cannot prepare /hgwork on", "No space left on device");
    }
  }

  @Test
  void aDiskThatGetsFullIsTheTestsFailureAndNoHarmToTheNextRun() throws Exception {
    String fill = "--do=[open('/hgwork/fill', 'ab').write(bytes(2**20)) for _ in range(10**5)]";
    try (LinuxHost host = host(spec -> spec.roomFor(64))) {
      Result full = run(host, "--", fill);
      assertThat(full.out()).as(full.err()).contains("No space left on device");
      assertThat(full.err())
          .containsPattern(
              "warning: /hgwork on ssh://hg@\\S+ is full: [0-9]+ of [0-9]+ bytes are free;")
          .contains("FAILED: ")
          .doesNotContain("Exception");
      assertThat(full.exitCode()).isEqualTo(1);
      Result next = run(host, "--", "--fail=test-bad.t");
      assertThat(next.err()).contains("FAILED: 1 passed, 1 failed").doesNotContain("is full");
      assertThat(run(host).err()).contains("PASSED: 1 passed");
    }
  }

  /** As a power cut that nobody notices: the connection stays, and is silent. */
  @Test
  void aMachineThatFallsSilentIsGivenUp() throws Exception {
    String marker = "marker-" + UUID.randomUUID();
    try (LinuxHost host = host();
        Running running =
            hgauto.start(source.root(), line(host, "--", StandInSource.lasting(marker)))) {
      Processes.awaitStart(") " + marker); // and not in a command line of ours
      host.machine().freeze();
      assertFails(
          running.end(), 3, host.url().replace("ssh://", "ssh://hg@"), "no answer for 21 s");
    }
  }

  @Test
  void anInterruptIsHeardWhileAHostDoesNotAnswer() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String name = "[127.0.0.1]:" + silent.getLocalPort();
      Path knownHosts = Files.createDirectory(hgauto.home().resolve(".ssh")).resolve("known_hosts");
      Files.writeString(knownHosts, name + " " + LaunchHostKey.generate().publicLine() + "\n");
      String url = "ssh://127.0.0.1:" + silent.getLocalPort();
      try (Running running = hgauto.start(source.root(), "run-tests-linux", "--host", url);
          Socket connection = silent.accept()) {
        assertThat(connection.getInputStream().readNBytes(4)).asString().isEqualTo("SSH-");
        Result result = running.signal("INT").end();
        assertThat(result.err())
            .containsPattern(
                "\ninterrupted: what runs on the machines is ended\ntime: \\d+\\.\\d s\n$");
        assertThat(result.exitCode()).isEqualTo(130);
      }
    }
  }

  @Test
  void twoRunsDoNotShareAMachine() throws Exception {
    String marker = "marker-" + UUID.randomUUID();
    try (LinuxHost host = host();
        Running first =
            hgauto.start(source.root(), line(host, "--", StandInSource.lasting(marker)))) {
      Processes.awaitStart(") " + marker); // and not in a command line of ours
      assertFails(run(host), 3, "another run uses this machine, since ");
      assertThat(Processes.with(marker)).isNotEmpty();
      assertThat(first.signal("TERM").end().exitCode()).isEqualTo(143);
    }
  }

  @Test
  void testsThatAreKilledOrDoNotEndHaveNoVerdict() throws Exception {
    String marker = "marker-" + UUID.randomUUID();
    try (LinuxHost host = host()) {
      Result killed = run(host, "--", "--begin=test-long.t", "--do=os.kill(os.getpid(), 9)");
      assertFails(
          killed,
          1,
          "run-tests.py was killed on ssh://hg@",
          "by signal 9; test-long.t was running\n");
      assertThat(killed.out()).startsWith("argv: ").hasLineCount(1); // and no word of a shell
      assertFails(
          run(
              host,
              "--time-limit",
              "10s", // run-tests.py has to begin all of them in that time
              "--",
              "--fail=test-bad.t",
              "--begin=test-1.t",
              "--begin=test-2.t",
              "--begin=test-3.t",
              "--begin=test-4.t",
              "--begin=test-5.t",
              "--begin=test-6.t",
              StandInSource.lasting(marker)),
          1,
          "the tests did not end on ssh://hg@",
          "at the time limit of 10 s; test-1.t, test-2.t, test-3.t, test-4.t, test-5.t and 1 more"
              + " were running\n",
          "FAILED: 1 passed, 1 failed, 0 skipped, others may not have run");
      Processes.awaitEnd(marker);
      assertThat(results("report.json")).contains("\"test-good.t\"", "\"failure\"");
      assertThat(results("report.xml")).contains("tests=\"2\"", "failures=\"1\"");
    }
  }

  /** As {@code pkill -f run-tests.py} does: it hits whatever has that in its command line. */
  @Test
  void whoeverKillsWhatRunsThemAsWellHasKilledThem() throws Exception {
    String kill =
        """
        --do=
        above, pid = [], os.getpid()
        while b'run-tests.py' in open('/proc/%d/cmdline' % pid, 'rb').read():
            above.append(pid)
            pid = int(open('/proc/%d/stat' % pid).read().rpartition(')')[2].split()[1])
        for pid in reversed(above):
            os.kill(pid, 9)
        """;
    try (LinuxHost host = host()) {
      Result killed = run(host, "--", kill);
      assertFails(killed, 1, "run-tests.py was killed on ssh://hg@", "by signal 9\n");
      assertThat(killed.err())
          .contains("FAILED: 1 passed, 0 failed, 0 skipped, others may not have run");
    }
  }

  @Test
  void aVerdictStandsWithoutTheFiles() throws Exception {
    try (LinuxHost host = host()) {
      Result result = run(host, "--", "--fail=test-bad.t", "--exit=80", "--do=os.chmod(report, 0)");
      assertThat(result.err())
          .contains("warning: the reports are not whole: cannot fetch the results of ssh://hg@")
          .contains("FAILED: 1 passed, 1 failed")
          .doesNotContain("error: ");
      assertThat(result.exitCode()).isEqualTo(80);
      assertThat(results("report.json")).contains("\"test-good.t\"", "\"test-bad.t\"");
    }
  }

  @Test
  void aVerdictStandsThoughTheMachineIsLostAfterIt() throws Exception {
    String marker = "marker-" + UUID.randomUUID();
    try (LinuxHost host = host();
        Running running =
            hgauto.start(
                source.root(),
                line(
                    host,
                    "--",
                    "--do=os.write(3, b'end\\t80\\nend\\t8')", // as run-tests.sh, cut short
                    TOLD,
                    StandInSource.lasting(marker)))) {
      Processes.awaitStart(") " + marker); // and not in a command line of ours
      awaitTold(running);
      host.machine().cut();
      Result result = running.end();
      assertThat(result.err())
          .contains("warning: the reports are not whole: ")
          .contains("FAILED: 1 passed, 0 failed")
          .doesNotContain("error: ");
      assertThat(result.exitCode()).as(result.err()).isEqualTo(80);
    }
  }

  /** The text of a file that the last run has left. */
  private String results(String name) throws IOException {
    try (Stream<Path> runs = Files.list(hgauto.state().resolve("results"))) {
      return Files.readString(runs.max(Path::compareTo).orElseThrow().resolve(name));
    }
  }

  @Test
  void aChangesetThatCannotBeBuiltIsToldByTheEndOfItsLog() throws Exception {
    source.write("Makefile", "local:\n\t@echo the compiler says no; false\n").commit("broken");
    try (LinuxHost host = host()) {
      assertFails(
          run(host),
          1,
          "cannot build " + source.node(".").substring(0, 12),
          "the compiler says no");
    }
  }

  @Test
  void aReaderThatGoesAwayEndsTheRun() throws Exception {
    try (LinuxHost host = host()) {
      String flag = "--do=[print('x' * 1000) for _ in range(10**7)]";
      Result result = inShell("-- \"" + flag + "\" | head -n 2; exit ${PIPESTATUS[0]}", host);
      assertThat(result.out().lines()).hasSize(2);
      assertOutputFails(result, "Broken pipe");
    }
  }

  @Test
  void aFullDiskAtStandardOutputIsSaid() throws Exception {
    try (LinuxHost host = host();
        LinuxHost other =
            LinuxHost.start(hgauto, temp.resolve("other"), UnaryOperator.identity())
                .withSource(source)) {
      assertOutputFails(inShell(">/dev/full", host), "No space left on device");
      assertOutputFails(inShell(">/dev/full", host, other), "No space left on device");
    }
  }

  private Result inShell(String end, LinuxHost... hosts) throws Exception {
    String command =
        Path.of("target/hgauto").toAbsolutePath()
            + (" --state-path=" + hgauto.state())
            + " run-tests-linux"
            + Stream.of(hosts).map(host -> " --host " + host.url()).collect(Collectors.joining())
            + (" " + end);
    return hgauto.startOther(source.root(), "bash", List.of("-c", command)).end();
  }

  private void assertOutputFails(Result result, String why) {
    assertFails(result, 3, why);
    String error = result.err().substring(result.err().indexOf("error: "));
    assertThat(error)
        .matches(
            "error: cannot pass on what the tests print\n  "
                + why
                + "\n  As far as it came it is in \\S+/output.txt\\.\n");
  }
}
