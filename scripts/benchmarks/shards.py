"""How long a suite takes on four machines, next to one machine and to the best there can be."""
import os
import pathlib
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time

from benchmarks.program import HGAUTO, ROOT, environment

MACHINES = 4
GOAL = 1.15

# The tests of a suite take very differently long: these are log-normal, and a minute on each of four machines.
TESTS, TOTAL, SPREAD = 60, 240, 1.1

# Starts the machines, from the tests' classes.
HOSTS = "hgauto.testbed.HostsProgram"

FLAGS = ["--", "--with-hg=/hgdev/venv-bootstrap/bin/hg", "-j1"]
TIME = re.compile(r"^time: ([\d.]+) s \(set-up ([\d.]+) s, tests ([\d.]+) s\)$", re.M)


def durations():
    chance = random.Random(5)
    raw = [chance.lognormvariate(0, SPREAD) for _ in range(TESTS)]
    return [round(each * TOTAL / sum(raw), 2) for each in raw]


class Hosts:
    """Machines for --host, which end with this process."""

    def __init__(self, folder, seconds):
        self.folder = pathlib.Path(folder)
        self.process = subprocess.Popen(
            ["java", "-cp", f"{ROOT / 'target' / 'hgauto.jar'}:{ROOT / 'target' / 'test-classes'}", HOSTS, folder,
             str(MACHINES), *map(str, seconds)], text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT)
        self.urls = self.process.stdout.readline().split()
        while len(self.urls) < MACHINES + 1:
            line = self.process.stdout.readline()
            if not line:
                sys.exit("the machines do not start")
            self.urls += line.split()
        self.urls.pop()  # "ready"
        self.times = self.folder / "hgauto" / "state" / "testtimes" / "host-system3"

    def run(self, machines):
        """Seconds of the whole command, and of its part with tests."""
        argv = [HGAUTO, f"--state-path={self.folder / 'hgauto' / 'state'}", "run-tests-linux"]
        for url in self.urls[:machines]:
            argv += ["--host", url]
        home = str(self.folder / "hgauto" / "home")
        begin = time.perf_counter()
        process = subprocess.run(argv + FLAGS, cwd=self.folder / "source", text=True, capture_output=True,
                                 env=environment(HOME=home))
        took = time.perf_counter() - begin
        if process.returncode != 0:
            sys.exit(f"hgauto ended with {process.returncode}:\n{process.stdout}{process.stderr}")
        return took, float(TIME.search(process.stderr).group(3))

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=60)


def measure(runs, hosts):
    one = hosts.run(1)
    known = hosts.times.read_bytes()
    by_number, by_times = [], []
    for _ in range(runs):
        hosts.times.unlink()
        by_number.append(hosts.run(MACHINES))
        hosts.times.write_bytes(known)
        by_times.append(hosts.run(MACHINES))
    return [("1 machine", [one]), (f"{MACHINES} machines, divided by number", by_number),
            (f"{MACHINES} machines, divided by what the tests took before", by_times)]


def report(seconds, rows):
    ideal = max(sum(seconds) / MACHINES, max(seconds))
    print(f"{len(seconds)} tests that sleep {min(seconds)} to {max(seconds)} s, {sum(seconds):.0f} s in all, one at a"
          f" time on each machine; all machines on this one: {os.cpu_count()} CPUs, load {os.getloadavg()[1]:.1f}\n")
    print("| | runs | seconds of the command (from to) | of its tests | tests to ideal | command to ideal | goal |")
    print("|---|---|---|---|---|---|---|")
    for name, runs in rows:
        took = [command for command, _ in runs]
        tests = statistics.median(tests for _, tests in runs)
        ratio = statistics.median(took) / ideal
        goal = f"{GOAL}: {'met' if ratio <= GOAL else 'not met'}" if rows[-1][0] == name else ""
        print(f"| {name} | {len(runs)} | {statistics.median(took):.1f} ({min(took):.1f} to {max(took):.1f}) |"
              f" {tests:.1f} | {tests / ideal:.2f} | {ratio:.2f} | {goal} |")
    print(f"\nIdeal: all that the tests sleep over {MACHINES} machines, or the longest test: {ideal:.1f} s.")


def bench(runs):
    subprocess.check_call([ROOT / "scripts" / "build"])
    for name, command in (("HGAUTO_TESTBED_PYTHON", ["venv", "testbed"]),
                          ("HGAUTO_MERCURIAL_SOURCE", ["fetch-mercurial", "target/sources"])):
        if name not in os.environ:
            os.environ[name] = subprocess.check_output(
                [ROOT / "scripts" / command[0], command[1]], text=True, cwd=ROOT).strip()
    seconds = durations()
    with tempfile.TemporaryDirectory() as folder:
        hosts = Hosts(folder, seconds)
        try:
            rows = measure(runs, hosts)
        finally:
            hosts.close()
    report(seconds, rows)
