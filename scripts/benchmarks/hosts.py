"""Linux machines for hgauto to run tests on, all of them on this one."""
import os
import pathlib
import re
import subprocess
import sys
import time

from benchmarks.delay import DelayedWay
from benchmarks.program import HGAUTO, ROOT, environment

# Starts the machines, from the tests' classes.
HOSTS = "hgauto.testbed.HostsProgram"

FLAGS = ["--", "--with-hg=/hgdev/venv-bootstrap/bin/hg", "-j1"]
TIME = re.compile(r"^time: ([\d.]+) s \(set-up ([\d.]+) s, tests ([\d.]+) s\)$", re.M)


def prepare():
    """Has all that they need."""
    subprocess.check_call([ROOT / "scripts" / "build"])
    for name, command in (("HGAUTO_TESTBED_PYTHON", ["venv", "testbed"]),
                          ("HGAUTO_MERCURIAL_SOURCE", ["fetch-mercurial", "target/sources"])):
        if name not in os.environ:
            os.environ[name] = subprocess.check_output(
                [ROOT / "scripts" / command[0], command[1]], text=True, cwd=ROOT).strip()


class Run:
    """What hgauto said: seconds of the whole command, until its tests began, and of its tests."""

    def __init__(self, took, said):
        self.took, self.said = took, said
        times = TIME.search(said)
        if not times:
            sys.exit(f"hgauto does not tell how long it took:\n{said}")
        self.setup, self.tests = (float(times.group(part)) for part in (2, 3))


class Hosts:
    """Machines whose source has tests that wait so many seconds each. They end with this process."""

    def __init__(self, folder, machines, seconds):
        self.folder = pathlib.Path(folder)
        self.process = subprocess.Popen(
            ["java", "-cp", f"{ROOT / 'target' / 'hgauto.jar'}:{ROOT / 'target' / 'test-classes'}", HOSTS, folder,
             str(machines), *map(str, seconds)], text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT)
        self.urls = self.process.stdout.readline().split()
        while len(self.urls) < machines + 1:
            line = self.process.stdout.readline()
            if not line:
                sys.exit("the machines do not start")
            self.urls += line.split()
        self.urls.pop()  # "ready"
        self.state = self.folder / "hgauto" / "state"
        self.times = self.state / "testtimes" / "host-system3"

    def far(self, url, delay):
        """The URL of that machine by a longer way, of so many seconds in each direction."""
        host = url.removeprefix("ssh://")
        way = DelayedWay(22, delay, host)
        known = self.folder / "hgauto" / "home" / ".ssh" / "known_hosts"
        lines = known.read_text().splitlines()
        with known.open("a") as file:
            for line in lines:
                name, key = line.split(" ", 1)
                if name == host:
                    file.write(f"[127.0.0.1]:{way.port} {key}\n")
        return f"ssh://127.0.0.1:{way.port}"

    def run(self, urls):
        """Runs the tests on these machines."""
        argv = [HGAUTO, f"--state-path={self.state}", "run-tests-linux"]
        for url in urls:
            argv += ["--host", url]
        home = str(self.folder / "hgauto" / "home")
        begin = time.perf_counter()
        process = subprocess.run(argv + FLAGS, cwd=self.folder / "source", text=True, capture_output=True,
                                 env=environment(HOME=home))
        took = time.perf_counter() - begin
        if process.returncode != 0:
            sys.exit(f"hgauto ended with {process.returncode}:\n{process.stdout}{process.stderr}")
        return Run(took, process.stderr)

    def log(self):
        """What the last run has written to its debug log."""
        return max((self.state / "logs").iterdir(), key=lambda log: log.stat().st_mtime).read_text(errors="replace")

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=60)
