package hgauto.windows.build;

import hgauto.error.MachineLostException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The packages that wait to be built, the longest first, and those of lost machines last: each of
 * these may be what ends its machine. Also what became of the others. Safe for use by several
 * threads.
 */
final class BuildQueue {
  private final List<PackageBuild> all;
  private final Deque<PackageBuild> waiting;
  private final Map<PackageBuild, PackageResult> results = new LinkedHashMap<>();

  /** Those whose machine was lost once. Where a second one is, the build may be what ends them. */
  private final Set<PackageBuild> moved = new HashSet<>();

  /** How many machines were lost. */
  private int losses;

  /** Why there is one machine less. */
  private Throwable lastLoss;

  BuildQueue(List<PackageBuild> builds) {
    all = List.copyOf(builds);
    List<PackageBuild> longestFirst = new ArrayList<>(builds);
    longestFirst.sort(Comparator.comparing(PackageBuild::expected).reversed());
    waiting = new ArrayDeque<>(longestFirst);
  }

  /** How many there are in all. */
  int size() {
    return all.size();
  }

  /** How many wait. */
  synchronized int waiting() {
    return waiting.size();
  }

  /** How many are neither done nor have failed for good. */
  synchronized int unfinished() {
    return all.size() - results.size();
  }

  /** The next one, if there is one. */
  synchronized Optional<PackageBuild> take() {
    return Optional.ofNullable(waiting.poll());
  }

  /** A package is done, or has failed for good. */
  synchronized void end(PackageResult result) {
    results.put(result.build(), result);
  }

  /**
   * The machine was lost before the package was here.
   *
   * @return whether it is built again elsewhere
   */
  synchronized boolean lose(PackageResult result, MachineLostException why) {
    missMachine(why);
    if (!moved.add(result.build())) {
      end(result);
      return false;
    }
    waiting.addLast(result.build());
    return true;
  }

  /** A machine could not be had, or does no more. */
  synchronized void missMachine(Throwable why) {
    if (why instanceof MachineLostException) {
      losses++;
    }
    lastLoss = why;
  }

  /** How many machines were lost; in the place of one another one may be of use. */
  synchronized int losses() {
    return losses;
  }

  /** What grows with each package that is done, has failed, or has lost a machine once. */
  synchronized int progress() {
    return results.size() + moved.size();
  }

  /**
   * What became of all, in the order in which they were given; no machine is left to build more.
   */
  synchronized List<PackageResult> results() {
    for (PackageBuild build : waiting) {
      end(PackageResult.notBegun(build, lastLoss));
    }
    waiting.clear();
    return all.stream().map(results::get).toList();
  }
}
