package hgauto.suite;

import hgauto.suite.Division.Part;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The tests that no machine has begun: a part for each machine that is not ready yet, and what was
 * moved from machines that are lost.
 */
final class Worklist {
  private final TestTimes times;
  private final Deque<Part> fresh;
  private final Deque<Part> moved = new ArrayDeque<>();

  /**
   * Divides the tests. If there are none, there is one part nevertheless, so that run-tests.py says
   * that itself.
   */
  Worklist(List<String> tests, int machines, TestTimes times) {
    this.times = times;
    fresh =
        new ArrayDeque<>(
            tests.isEmpty()
                ? List.of(new Part(List.of(), 0))
                : Division.of(tests, machines, times));
  }

  /** How many parts wait. */
  int parts() {
    return fresh.size() + moved.size();
  }

  /** The tests that wait. */
  List<String> tests() {
    List<String> tests = new ArrayList<>();
    fresh.forEach(part -> tests.addAll(part.tests()));
    moved.forEach(part -> tests.addAll(part.tests()));
    return tests;
  }

  /**
   * Takes a part to run it.
   *
   * @param ready whether the machine has just become ready; if it has run tests, those come first
   *     that were moved
   * @return empty if nothing waits
   */
  Optional<List<String>> take(boolean ready) {
    Deque<Part> first = ready ? fresh : moved;
    Deque<Part> second = ready ? moved : fresh;
    Part part = first.isEmpty() ? second.poll() : first.poll();
    return Optional.ofNullable(part).map(Part::tests);
  }

  /**
   * A machine is lost.
   *
   * @param tests that it has not brought to their end
   * @param opening how many machines are not ready yet; a part that is not for one of them is moved
   * @param machines how many there are to share what is moved
   */
  void move(Collection<String> tests, int opening, int machines) {
    List<String> all = new ArrayList<>(tests);
    while (fresh.size() > opening) {
      all.addAll(fresh.removeLast().tests());
    }
    moved.forEach(part -> all.addAll(part.tests()));
    moved.clear();
    moved.addAll(Division.of(all, Math.max(1, machines), times));
  }
}
