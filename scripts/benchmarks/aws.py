"""How fast hgauto cleans up and prepares an AWS account, next to automation.py's way of doing it."""
import dataclasses
import os
import pathlib
import shutil
import statistics
import subprocess
import tempfile
import zipfile

from benchmarks.cloud import DELAY, Cloud
from benchmarks.program import HGAUTO, ROOT, Program, environment, first_run, in_turn

BOTO3_WAY = str(ROOT / "scripts" / "benchmarks" / "boto3_way.py")

# No command ensures anything yet but those that start machines, so this does, from the tests' classes.
ENSURE = "hgauto.testbed.EnsureProgram"

# As in src/main/launcher/hgauto.sh.
JAVA_FLAGS = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData", "-Xms24m", "-Xmn8m",
              "-Xshare:auto", "-Xlog:all=off:stdout", "-Xlog:all=error:stderr"]


@dataclasses.dataclass
class Goal:
    """At most so many seconds without moto's, and so many calls."""

    seconds: float
    counted: int = None
    changes: int = None

    def met(self, program):
        return (program.own() <= self.seconds
                and (self.counted is None or max(program.asked) <= self.counted)
                and (self.changes is None or max(program.changes) <= self.changes))

    def __str__(self):
        return (f"{self.seconds} s" + (f", {self.counted} counted" if self.counted else "")
                + (f", {self.changes} that change" if self.changes else ""))


class CloudProgram(Program):
    """A program that is run against a cloud, after that has been prepared for it."""

    def __init__(self, name, argv, cloud, home, prepare):
        super().__init__(name, argv, environment(AWS_ENDPOINT_URL=cloud.endpoint, AWS_DEFAULT_REGION="us-west-2",
                                                 HOME=str(home)))
        self.cloud, self.prepare = cloud, prepare
        self.calls, self.asked, self.changes, self.motos = [], [], [], []

    def run(self, keep=True):
        self.prepare(self.cloud)
        self.cloud.forget()
        super().run(keep)
        if keep:
            self.calls.append(len(self.cloud.calls))
            self.asked.append(self.cloud.asked())
            self.changes.append(self.cloud.changes())
            self.motos.append(self.cloud.busy())

    def own(self):
        """Seconds that moto was not at work in, and so what the program and the delays of its calls took."""
        return statistics.median(wall - moto for wall, moto in zip(self.seconds, self.motos))

    def cells(self):
        s = self.seconds
        return (f"{statistics.median(s):.2f} ({min(s):.2f} to {max(s):.2f}) | {self.own():.2f} |"
                f" {statistics.median(self.cpus):.2f} | {statistics.median(self.calls):.0f}")


def worlds(python):
    def world(*counts):
        def prepare(cloud):
            cloud.reset()
            subprocess.check_call(
                [python, BOTO3_WAY, "world", *map(str, counts)],
                env=environment(AWS_ENDPOINT_URL=cloud.without_delay, AWS_DEFAULT_REGION="us-west-2"))
        return prepare
    return world


def ensure_jar(folder):
    """That class in a jar of its own: there is no archive of classes for a class path with folders."""
    jar = pathlib.Path(folder, "ensure.jar")
    with zipfile.ZipFile(jar, "w") as written:
        classes = ROOT / "target" / "test-classes"
        for file in classes.glob(ENSURE.replace(".", "/") + "*.class"):
            written.write(file, file.relative_to(classes))
    return jar


def ensure_programs(python, mine, theirs, folder):
    """For a fresh account, without and with a key from before; then for what the last of those runs has left."""
    homes = {cloud: pathlib.Path(folder, name) for cloud, name in ((mine, "mine"), (theirs, "theirs"))}
    java = ["java", *JAVA_FLAGS, "-cp", f"{ROOT / 'target' / 'hgauto.jar'}:{ensure_jar(folder)}"]
    archive = pathlib.Path(folder, "ensure.jsa")

    def ours(flag, prepare):
        return CloudProgram("ensure", [*java, f"{flag}={archive}", ENSURE, str(homes[mine])], mine, folder, prepare)

    def first(cloud):
        cloud.reset()
        shutil.rmtree(homes[cloud], ignore_errors=True)
        homes[cloud].mkdir()

    ours("-XX:ArchiveClassesAtExit", first).run()
    return [(CloudProgram("boto3 ensure", [python, BOTO3_WAY, "ensure", str(homes[theirs])], theirs, folder, prepare),
             ours("-XX:SharedArchiveFile", prepare))
            for prepare in (first, Cloud.reset, lambda cloud: None)]


def measure(runs, python, mine, theirs, folder):
    home = pathlib.Path(folder, "home")
    first_run(Program("first run", [HGAUTO, "--help"], environment()), home)
    world = worlds(python)
    many, some = world(50, 0, 0), world(20, 10, 2)
    first, fresh, complete = ensure_programs(python, mine, theirs, folder)
    rows = [
        ("terminate 50 instances", "15.9 s, 101 calls", Goal(1.5, counted=6),
         CloudProgram("boto3 terminate", [python, BOTO3_WAY, "terminate"], theirs, home, many),
         CloudProgram("hgauto terminate", [HGAUTO, "terminate-ec2-instances"], mine, home, many)),
        # One call ends the instances; each of the others may have one. Moto leaves the snapshots to us, EC2 does not.
        ("purge 20 instances, 10 images with snapshots, 2 groups", "11.9 s, 67 calls",
         Goal(2.0, changes=1 + 10 + 10 + 2),
         CloudProgram("boto3 purge", [python, BOTO3_WAY, "purge"], theirs, home, some),
         CloudProgram("hgauto purge", [HGAUTO, "purge-ec2-resources", "--yes", "--all-owners"], mine, home, some)),
        ("ensure in a fresh account, and make a key", "5.3 s, 16 calls", Goal(1.5), *first),
        ("ensure in a fresh account; hgauto has a key", "", Goal(1.5), *fresh),
        ("ensure, all there already", "4.1 s, 7 calls", Goal(0.8), *complete),
    ]
    for *_, baseline, ours in rows:
        in_turn([baseline, ours], runs)
    report(runs, rows)


def report(runs, rows):
    print(f"Medians of {runs} runs in turn; {DELAY * 1000:.0f} ms added to each API call in front of moto;"
          f" {os.cpu_count()} CPUs, load {os.getloadavg()[1]:.1f}\n")
    print("| | seconds (from to) | without moto's | of CPU | calls | counted | that change | ratio | goal |")
    print("|---|---|---|---|---|---|---|---|---|")
    for what, published, goal, baseline, ours in rows:
        ratio = statistics.median(ours.seconds) / statistics.median(baseline.seconds)
        print(f"| {what}: automation.py's way with boto3{f' (itself, once: {published})' if published else ''} |"
              f" {baseline.cells()} | | | 1 | |")
        print(f"| {what}: hgauto | {ours.cells()} | {max(ours.asked)} | {max(ours.changes)} | {ratio:.2f} |"
              f" {goal}: {'met' if goal.met(ours) else 'not met'} |")
    print("\nWithout moto's: less the time in which moto was at work, as EC2 would be. The goals are for this."
          "\nCounted: all calls but GetCallerIdentity, and but DescribeInstances after TerminateInstances, which is"
          f" the wait.\nEnsure: {ENSURE}, which does what commands do before they start a machine.")


def bench(runs):
    subprocess.check_call([ROOT / "scripts" / "build"])
    python, moto = (subprocess.check_output([ROOT / "scripts" / "venv", name], text=True).strip()
                    for name in ("bench", "testbed"))
    with tempfile.TemporaryDirectory() as folder:
        clouds = [Cloud(moto, environment()) for _ in range(2)]
        try:
            measure(runs, python, *clouds, folder)
        finally:
            for cloud in clouds:
                cloud.close()
