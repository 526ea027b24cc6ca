"""How soon tests begin on a machine."""
import os
import re
import statistics
import tempfile

from benchmarks.hosts import Hosts, prepare

GOAL = 3

# Seconds in each direction.
DELAY = 0.025

# hgauto tells how long each step took.
STEP = re.compile(r"^\S+: (.*) \(([\d.]+) s\)$", re.M)


def row(name, runs):
    setup = [run.setup for run in runs]
    steps = {}
    for run in runs:
        for step, seconds in STEP.findall(run.said):
            steps.setdefault(re.sub(r" [0-9a-f]{12}$", "", step), []).append(float(seconds))
    told = "; ".join(f"{step} {statistics.median(seconds):.1f}" for step, seconds in steps.items())
    return f"| {name} | {statistics.median(setup):.1f} | {min(setup):.1f} to {max(setup):.1f} | {told} |"


def bench(runs):
    prepare()
    with tempfile.TemporaryDirectory() as folder:
        hosts = Hosts(folder, 1, [0.1])
        try:
            far = hosts.far(hosts.urls[0], DELAY)
            measured = {"50 ms": [], "loopback": []}
            for count in range(runs + 1):
                for name, url in ("50 ms", far), ("loopback", hosts.urls[0]):
                    run = hosts.run([url])
                    if count > 0:
                        measured[name].append(run)
        finally:
            hosts.close()
    print(f"From when hgauto begins its work, which is local at first, until it starts run-tests.py, of a small repository"
          f" that is not built. Medians of {runs} runs in turn, seconds; {os.cpu_count()} CPUs, load"
          f" {os.getloadavg()[1]:.1f}\n")
    print("| round trip | seconds | from to | steps |")
    print("|---|---|---|---|")
    for name, done in measured.items():
        print(row(name, done))
    seconds = statistics.median(run.setup for run in measured["50 ms"])
    print(f"\nGoal with 50 ms: at most {GOAL} s from the known address on, which is later than what is measured:"
          f" {'met' if seconds <= GOAL else 'not shown to be met'}")
