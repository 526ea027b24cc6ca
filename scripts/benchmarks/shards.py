"""How long a suite takes on four machines, next to one machine and to the best there can be."""
import os
import random
import statistics
import sys
import tempfile

from benchmarks.hosts import Hosts, prepare

MACHINES = 4
GOAL = 1.15

# The tests of a suite take very differently long: these are log-normal, and a minute on each of four machines.
TESTS, TOTAL, SPREAD = 60, 240, 1.1


def durations():
    chance = random.Random(5)
    raw = [chance.lognormvariate(0, SPREAD) for _ in range(TESTS)]
    return [round(each * TOTAL / sum(raw), 2) for each in raw]


def run(hosts, urls):
    """Runs all of the suite: one that has left some out would only look fast."""
    done = hosts.run(urls)
    if f"PASSED: {TESTS} passed, 0 failed, 0 skipped" not in done.said:
        sys.exit(f"not all tests have passed:\n{done.said}")
    return done


def measure(runs, hosts):
    one = run(hosts, hosts.urls[:1])
    known = hosts.times.read_bytes()
    by_number, by_times = [], []
    for _ in range(runs):
        hosts.times.unlink()
        by_number.append(run(hosts, hosts.urls))
        hosts.times.write_bytes(known)
        by_times.append(run(hosts, hosts.urls))
    return [("1 machine", [one]), (f"{MACHINES} machines, divided by number", by_number),
            (f"{MACHINES} machines, divided by what the tests took before", by_times)]


def report(seconds, rows):
    ideal = max(sum(seconds) / MACHINES, max(seconds))
    print(f"{len(seconds)} tests that sleep {min(seconds)} to {max(seconds)} s, {sum(seconds):.0f} s in all, one at a"
          f" time on each machine; all machines on this one: {os.cpu_count()} CPUs, load {os.getloadavg()[1]:.1f}\n")
    print("| | runs | seconds of the command (from to) | of its tests | tests to ideal | command to ideal | goal |")
    print("|---|---|---|---|---|---|---|")
    for name, runs in rows:
        took = [run.took for run in runs]
        tests = statistics.median(run.tests for run in runs)
        ratio = statistics.median(took) / ideal
        goal = f"{GOAL}: {'met' if ratio <= GOAL else 'not met'}" if rows[-1][0] == name else ""
        print(f"| {name} | {len(runs)} | {statistics.median(took):.1f} ({min(took):.1f} to {max(took):.1f}) |"
              f" {tests:.1f} | {tests / ideal:.2f} | {ratio:.2f} | {goal} |")
    print(f"\nIdeal: all that the tests sleep over {MACHINES} machines, or the longest test: {ideal:.1f} s.")


def bench(runs):
    prepare()
    seconds = durations()
    with tempfile.TemporaryDirectory() as folder:
        hosts = Hosts(folder, MACHINES, seconds)
        try:
            rows = measure(runs, hosts)
        finally:
            hosts.close()
    report(seconds, rows)
