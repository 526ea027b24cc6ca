"""How soon tests begin on a machine."""
import datetime
import os
import re
import statistics
import subprocess
import tempfile

from benchmarks.hosts import Hosts, prepare
from benchmarks.program import await_archive, environment

GOAL = 3

# Seconds in each direction.
DELAY = 0.025

# hgauto tells how long each step took.
STEP = re.compile(r"^\S+: (.*) \(([\d.]+) s\)$", re.M)

# In the debug log, with milliseconds: the address begins to be used, and word of a test has come.
USED = re.compile(r"^(\S+)Z DEBUG \[\S+\] SshMachine: connect to ", re.M)
BEGUN = re.compile(r"^(\S+)Z DEBUG \[\S+\] TestEvents: the first test begins: ", re.M)


class Measured:
    """Seconds until the first test begins from the known address on, and from hgauto's begin."""

    def __init__(self):
        self.ready, self.setup, self.steps = [], [], {}

    def add(self, run, log):
        used, begun = (datetime.datetime.fromisoformat(event.search(log).group(1)) for event in (USED, BEGUN))
        self.ready.append((begun - used).total_seconds())
        self.setup.append(run.setup)
        for step, seconds in STEP.findall(run.said):
            self.steps.setdefault(re.sub(r" [0-9a-f]{12}$", "", step), []).append(float(seconds))

    def row(self):
        told = "; ".join(f"{step} {statistics.median(seconds):.1f}" for step, seconds in self.steps.items())
        return (f"{statistics.median(self.ready):.2f} | {min(self.ready):.2f} to {max(self.ready):.2f}"
                f" | {statistics.median(self.setup):.1f} | {told}")


def commit_draft(source):
    """So that there is something to push, in each run, since /hgwork is made anew."""
    (source / "draft").write_text("draft\n")
    for command in ["add", "draft"], ["commit", "--message=a draft", "--user=bench"]:
        subprocess.check_call(["hg", *command], cwd=source, env=environment(HGRCPATH=""))


def bench(runs):
    prepare()
    with tempfile.TemporaryDirectory() as folder:
        hosts = Hosts(folder, 1, [0.1])
        try:
            commit_draft(hosts.folder / "source")
            (hosts.state / "cache").unlink()  # a file in place of the folder keeps tests from making an archive
            urls = {"50 ms": hosts.far(hosts.urls[0], DELAY), "loopback": hosts.urls[0]}
            hosts.run([hosts.urls[0]])
            await_archive(hosts.state / "cache")
            measured = {name: Measured() for name in urls}
            for _ in range(runs):
                for name, url in urls.items():
                    measured[name].add(hosts.run([url]), hosts.log())
        finally:
            hosts.close()
    print("From the known address on until word comes that the first test has begun, of a small repository with one"
          " draft to push, that is not built; and next to it from when hgauto begins its work, which is local at first,"
          f" until it starts run-tests.py. Medians of {runs} runs in turn, seconds; {os.cpu_count()} CPUs, load"
          f" {os.getloadavg()[1]:.1f}\n")
    print("| round trip | from the address | from to | from hgauto's begin | steps after connecting |")
    print("|---|---|---|---|---|")
    for name, done in measured.items():
        print(f"| {name} | {done.row()} |")
    seconds = statistics.median(measured["50 ms"].ready)
    print(f"\nGoal with 50 ms: at most {GOAL} s from the known address on: {'met' if seconds <= GOAL else 'missed'}")
