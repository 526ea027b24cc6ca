package hgauto;

import static org.assertj.core.api.Assertions.assertThat;

import hgauto.machine.SshKey;
import hgauto.state.StateFolder;
import hgauto.testbed.CloudScenario;
import hgauto.testbed.JavaProcess;
import hgauto.testbed.Sleepless;
import hgauto.testbed.aws.AwsProxy;
import hgauto.testbed.aws.Fault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each call that a command makes to AWS goes wrong, in turn, in each way. Whatever happened, no
 * instance was launched twice, and the next command leaves nothing running. The count of cases is
 * in {@code target/fault-matrix.txt}.
 */
class FaultMatrixIT {
  private static final int AT_ONCE = 3;
  private static final int KILLED = 137;

  /** In its own region a purge looks for instances by three calls, one a filter. */
  private static final int OWN_LOOKS = 3;

  private static final int OF_ONE_ACTION = 4;

  /** What AWS or the network does to a call. */
  @SuppressWarnings("ImmutableEnumChecker") // none of these faults has a hook
  private enum Trouble {
    THROTTLED(Fault.THROTTLED, 3),
    FORBIDDEN(Fault.FORBIDDEN, 1),
    DROPPED(Fault.DROPPED_BEFORE, 1),
    ANSWER_LOST(Fault.ANSWER_LOST, 1),
    NETWORK_GONE(Fault.DROPPED_BEFORE, 6),
    ALL_ANSWERS_LOST(Fault.ANSWER_LOST, 6);

    private final Fault fault;
    private final int times;

    Trouble(Fault fault, int times) {
      this.fault = fault;
      this.times = times;
    }
  }

  /** What a person, or the machine, does to the process while it makes a call. */
  private enum End {
    KILLED_BEFORE_EFFECT(KILLED),
    KILLED_AFTER_EFFECT(KILLED),
    CTRL_C(130),
    SIGTERM(143);

    private final int exitCode;

    End(int exitCode) {
      this.exitCode = exitCode;
    }
  }

  /** The n-th call of that action, counted from 1. */
  private record At(String action, int n) {
    @Override
    public String toString() {
      return action + " #" + n;
    }
  }

  private interface Case {
    void run(Path folder) throws Exception;
  }

  /** A purge takes minutes here; CleanUpFaultsTest does the same to it in memory. */
  static List<CloudScenario> scenarios() {
    return Boolean.getBoolean("faults.all")
        ? List.of(CloudScenario.values())
        : List.of(CloudScenario.MACHINE, CloudScenario.TERMINATE);
  }

  @TempDir Path folder;

  private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();

  @ParameterizedTest
  @MethodSource("scenarios")
  void nothingIsLeftWhateverHappensToACall(CloudScenario scenario) throws Exception {
    Map<String, Case> cases = new HashMap<>();
    for (At at : calls(scenario)) {
      for (Trouble trouble : Trouble.values()) {
        cases.put(at + " " + trouble, at(scenario, at, trouble));
      }
    }
    runAll(scenario + ", calls that fail", cases);
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void nothingIsLeftWhereverTheProcessIsEnded(CloudScenario scenario) throws Exception {
    JavaProcess java = JavaProcess.prepare(folder, scenario);
    Map<String, Case> cases = new HashMap<>();
    for (At at : calls(scenario)) {
      for (End end : End.values()) {
        cases.put(at + " " + end, at(scenario, at, end, java));
      }
    }
    runAll(scenario + ", a process that is ended", cases);
  }

  /** All calls that the scenario makes when nothing goes wrong. */
  private List<At> calls(CloudScenario scenario) throws Exception {
    try (AwsProxy aws = new AwsProxy()) {
      StateFolder state = new StateFolder(folder.resolve("well"));
      String image = scenario.prepare(aws, state);
      aws.forgetCalls();
      assertThat(scenario.run(aws, state, image, new Sleepless().poll())).isEmpty();
      List<String> actions = aws.actions();
      scenario.check(aws);
      Map<String, Integer> seen = new HashMap<>();
      List<At> calls = new ArrayList<>();
      for (String action : actions) {
        At at = new At(action, seen.merge(action, 1, Integer::sum));
        if (at.n() <= OF_ONE_ACTION) { // purge asks the same of each region
          calls.add(at);
        }
      }
      return calls;
    }
  }

  private Case at(CloudScenario scenario, At at, Trouble trouble) {
    return place -> {
      try (AwsProxy aws = new AwsProxy()) {
        StateFolder state = new StateFolder(place);
        String image = scenario.prepare(aws, state);
        aws.onCalls(at.action(), at.n(), at.n() + trouble.times - 1, trouble.fault);
        String told = scenario.run(aws, state, image, new Sleepless().poll());
        if (!told.isEmpty()) {
          assertThat(told).contains("(" + at.action() + ")");
        }
        if (trouble == Trouble.FORBIDDEN && !isLookElsewhere(scenario, at)) {
          assertThat(told).contains("Allow " + at.action());
        }
        checkNextCommand(scenario, aws, state, image);
      }
    };
  }

  /** A region that the caller is shut out of keeps the instance profile, and fails nothing. */
  private static boolean isLookElsewhere(CloudScenario scenario, At at) {
    return scenario == CloudScenario.PURGE
        && at.action().equals("ec2:DescribeInstances")
        && at.n() > OWN_LOOKS;
  }

  private Case at(CloudScenario scenario, At at, End end, JavaProcess java) {
    return place -> {
      try (AwsProxy aws = new AwsProxy()) {
        StateFolder state = new StateFolder(place);
        String image = scenario.prepare(aws, state);
        JavaProcess.Running running = java.in(aws, state, image);
        aws.onCall(
            at.action(),
            at.n(),
            switch (end) {
              case KILLED_BEFORE_EFFECT -> Fault.instead(running::kill);
              case KILLED_AFTER_EFFECT -> Fault.after(running::kill);
              case CTRL_C -> Fault.before(() -> running.signal("INT"));
              case SIGTERM -> Fault.before(() -> running.signal("TERM"));
            });
        // A signal at the last call may come too late to be noticed; a kill never does.
        int otherwise = end.exitCode == KILLED ? KILLED : 0;
        assertThat(running.run()).as(running::output).isIn(end.exitCode, otherwise);
        aws.withoutFaults();
        checkNextCommand(scenario, aws, state, image);
      }
    };
  }

  private static void checkNextCommand(
      CloudScenario scenario, AwsProxy aws, StateFolder state, String image) throws Exception {
    aws.withoutFaults();
    scenario.next(aws, state, new Sleepless().poll());
    scenario.check(aws);
    assertThat(SshKey.in(state.keys()).stream().count()).isLessThanOrEqualTo(1);
    assertThat(state.leases().resolve("unreadable")).doesNotExist();
    assertThat(scenario.run(aws, state, image, new Sleepless().poll()))
        .as("the run after that")
        .isEmpty();
    scenario.check(aws);
  }

  private void runAll(String what, Map<String, Case> cases) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(AT_ONCE);
    try {
      List<Future<?>> running = new ArrayList<>();
      int[] number = {0};
      cases.forEach(
          (name, one) -> {
            Path place = folder.resolve("case-" + number[0]++);
            running.add(pool.submit(() -> run(name, one, place)));
          });
      for (Future<?> each : running) {
        each.get();
      }
    } finally {
      pool.shutdownNow();
    }
    Files.writeString(
        Path.of("target", "fault-matrix.txt"),
        what + ": " + cases.size() + " cases, " + failures.size() + " failed\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
    assertThat(failures).isEmpty();
  }

  private void run(String name, Case one, Path place) {
    try {
      Files.createDirectories(place);
      one.run(place);
    } catch (Exception | AssertionError e) {
      failures.add(name + ": " + e);
    }
  }
}
