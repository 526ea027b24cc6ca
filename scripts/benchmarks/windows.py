"""How much longer than its builds it takes to build packages for Windows, and to fetch them."""
import datetime
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time

from benchmarks.hosts import prepare
from benchmarks.program import HGAUTO, ROOT, Program, environment

# Has the account, the machines that stand in for Windows ones and the checkout, from the tests' classes.
WINDOWS = "hgauto.testbed.WindowsProgram"

ROUND_TRIP, BUILD, PACKAGES, SIZE = 0.05, 2, 30, 12 * 10**6
ONE_GOAL, FOUR_GOAL, FETCH_GOAL = 1.2, 1.25, 0.45

# No version of Mercurial has as many packages: these are 8 Pythons and 2 installers on 3 architectures.
MATRIX = {"series": [{"from": "7.2", "packages": [
    {"kind": "wheel", "builder": "cibuildwheel", "runUnder": "3.13", "minutes": 5, "needs": [],
     "pythons": [f"3.{minor}" for minor in range(9, 17)], "archs": ["x86", "x64", "arm64"]},
    *({"kind": kind, "builder": "pyoxidizer", "runUnder": "3.9", "minutes": 5, "needs": [],
       "pythons": ["3"], "archs": ["x86", "x64", "arm64"]} for kind in ("inno", "wix"))]}]}

# In the debug log, with milliseconds.
LINE = r"^(\S+)Z \w+ +\[[^\]]+\] "
BEGUN = re.compile(LINE + r"Console: (\S+): built on i-", re.M)
BUILT = re.compile(LINE + r"MachineWork: (\S+) is to be fetched$", re.M)
DONE = re.compile(LINE + r"Console: (\S+): done in ", re.M)


def times(event, log):
    """When that happened to each package."""
    return {name: datetime.datetime.fromisoformat(when).timestamp() for when, name in event.findall(log)}


class Builds:
    """What runs of hgauto took, in seconds."""

    def __init__(self, name, machines, goal):
        self.name, self.machines, self.goal = name, machines, goal
        self.whole, self.builds, self.fetches = [], [], []
        rounds = -(-PACKAGES // machines)
        self.ideal = rounds * BUILD

    def run(self, folder, env):
        argv = [HGAUTO, f"--state-path={folder / 'hgauto' / 'state'}", "build-all-windows-packages", "--version", "7.2",
                "--rebuild", "--instances", str(self.machines), "--max-lifetime", "8h", "--ssh-from", "127.0.0.0/8"]
        begin = time.perf_counter()
        done = subprocess.run(argv, cwd=folder / "source", env=env, text=True, capture_output=True)
        self.whole.append(time.perf_counter() - begin)
        if done.returncode != 0 or f"{PACKAGES} built, 0 there, 0 failed" not in done.stdout:
            sys.exit(f"hgauto ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        logs = folder / "hgauto" / "state" / "logs"
        log = max(logs.glob("*.log"), key=lambda file: file.stat().st_mtime).read_text(errors="replace")
        begun, built, fetched = (times(event, log) for event in (BEGUN, BUILT, DONE))
        if not len(begun) == len(built) == len(fetched) == PACKAGES:
            sys.exit(f"the log does not tell of {PACKAGES} packages:\n{log}")
        self.builds.append(max(fetched.values()) - min(begun.values()))
        self.fetches.append(sum(fetched[name] - built[name] for name in built))

    def row(self):
        took = statistics.median(self.builds)
        ratio = took / self.ideal
        return (f"| {self.name} | {cells(self.builds)} | {self.ideal} | {ratio:.2f} |"
                f" {self.goal}: {'met' if ratio <= self.goal else 'not met'} | {statistics.median(self.whole):.1f} |")


def cells(seconds):
    return f"{statistics.median(seconds):.2f} | {min(seconds):.2f} to {max(seconds):.2f}"


class Scene:
    """The account and all that belongs to it."""

    def __init__(self, folder):
        self.folder = folder
        self.process = subprocess.Popen(
            ["java", "-cp", f"{ROOT / 'target' / 'hgauto.jar'}:{ROOT / 'target' / 'test-classes'}", WINDOWS, folder,
             *(str(round(value)) for value in (ROUND_TRIP * 1000, BUILD * 1000, PACKAGES, SIZE))],
            text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT)
        told = {}
        for line in iter(self.process.stdout.readline, "ready\n"):
            if not line:
                sys.exit("the account does not start")
            name, value = re.split("[= ]", line.strip(), maxsplit=1)
            told[name] = value
        self.address, self.port = told.pop("sftp").split()
        matrix = folder / "matrix"
        (matrix / "hgauto" / "windows" / "build").mkdir(parents=True)
        (matrix / "hgauto" / "windows" / "build" / "packages.json").write_text(json.dumps(MATRIX))
        self.home = folder / "hgauto" / "home"
        # What Java finds there comes before what is in the jar.
        self.env = {**environment(HOME=str(self.home), HGRCPATH="", AWS_EC2_METADATA_DISABLED="true",
                                  JDK_JAVA_OPTIONS=f"-Xbootclasspath/a:{matrix}"), **told}

    def sftp(self):
        """OpenSSH's, with as many files; the cipher is the one that hgauto prefers."""
        back = self.folder / "back"
        back.mkdir()
        batch = self.folder / "batch"
        batch.write_text(f"get package-* {back}\n")
        return Program("sftp", [
            "sftp", "-q", "-F", "none", "-P", self.port, "-b", batch,
            "-o", f"IdentityFile={self.folder}/hgauto/state/keys/keypair-automation", "-o", "IdentitiesOnly=yes",
            "-o", "IdentityAgent=none", "-o", f"UserKnownHostsFile={self.home}/.ssh/known_hosts",
            "-o", "StrictHostKeyChecking=yes", "-o", f"HostKeyAlias={self.address}",
            "-o", "Ciphers=aes128-gcm@openssh.com", "hg@127.0.0.1"], environment())

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=60)


def report(runs, one, four, sftp):
    print(f"{PACKAGES} packages of {SIZE / 1e6:.0f} MB, each of which takes {BUILD} s to be built, with"
          f" {ROUND_TRIP * 1000:.0f} ms round trip to AWS and to the machines. Medians of {runs} runs in turn, seconds;"
          f" all of it on this machine: {os.cpu_count()} CPUs, load {os.getloadavg()[1]:.1f}\n")
    print("| | from the first build's begin until all is fetched | from to | ideal | ratio | goal | whole command |")
    print("|---|---|---|---|---|---|---|")
    for builds in one, four:
        print(builds.row())
    print("\nIdeal: all that the builds take over the machines, the longest first.\n")
    print("| fetching | seconds | from to | ratio | goal |")
    print("|---|---|---|---|---|")
    print(f"| sftp, all in turn | {cells(sftp.seconds)} | 1 | |")
    ratio = statistics.median(one.fetches) / statistics.median(sftp.seconds)
    print(f"| hgauto, each while the next one is built; sum, until compared and in dist | {cells(one.fetches)} |"
          f" {ratio:.2f} | {FETCH_GOAL}: {'met' if ratio <= FETCH_GOAL else 'not met'} |")


def bench(runs):
    prepare()
    memory = "/dev/shm" if os.path.isdir("/dev/shm") else None  # so that no disk is measured
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        scene = Scene(pathlib.Path(folder))
        try:
            one = Builds("1 machine", 1, ONE_GOAL)
            four = Builds("4 machines", 4, FOUR_GOAL)
            sftp = scene.sftp()
            for _ in range(runs):
                one.run(scene.folder, scene.env)
                four.run(scene.folder, scene.env)
                sftp.run()
        finally:
            scene.close()
    report(runs, one, four, sftp)
