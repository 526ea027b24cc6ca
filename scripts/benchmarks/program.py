"""Runs programs and measures them."""
import os
import pathlib
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
HGAUTO = str(ROOT / "target" / "hgauto")


class Program:
    """A command line, and what its runs took: seconds, seconds of CPU, and peak memory in MiB."""

    def __init__(self, name, argv, environment, folder="/"):
        self.name, self.argv, self.environment, self.folder = name, argv, environment, folder
        self.seconds, self.cpus, self.peaks = [], [], []

    def run(self, keep=True):
        begin = time.perf_counter()
        process = subprocess.Popen(self.argv, env=self.environment, cwd=self.folder, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        out, err = process.stdout.read(), process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        took = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            sys.exit(f"{self.name} ended with {process.returncode}:\n{(out + err).decode(errors='replace')}")
        self.printed = out.decode(errors="replace")
        if keep:
            self.seconds.append(took)
            self.cpus.append(usage.ru_utime + usage.ru_stime)
            self.peaks.append(usage.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10))

    def row(self):
        s = self.seconds
        return f"{statistics.median(s):.3f} | {min(s):.3f} to {max(s):.3f} | {statistics.median(self.peaks):.0f}"


def in_turn(programs, runs):
    """Runs each of them `runs` times in turn, after one run that does not count."""
    for count in range(runs + 1):
        for program in programs:
            program.run(keep=count > 0)


def environment(**more):
    """This process's, without what would change what is measured, and with credentials for a stand-in."""
    kept = {name: value for name, value in os.environ.items()
            if not name.startswith(("AWS_", "JAVA_TOOL", "JDK_JAVA", "HG"))}
    return dict(kept, AWS_REGION="us-west-2", AWS_ACCESS_KEY_ID="bench", AWS_SECRET_ACCESS_KEY="bench",
                no_proxy="127.0.0.1", **more)


def first_run(program, home):
    """A run without an archive of classes; returns the seconds from its end until the archive is there."""
    home.mkdir()
    program.environment = dict(program.environment, HOME=str(home))
    program.run()
    return await_archive(home / ".hgautomation" / "cache")


def await_archive(cache):
    """After a first run; returns the seconds until the archive is there."""
    end = time.perf_counter()
    while not list(cache.glob("start-*.jsa")) or list(cache.glob(".start-*")):
        if time.perf_counter() > end + 300:
            sys.exit("no archive after 300 s")
        time.sleep(0.02)
    return time.perf_counter() - end
