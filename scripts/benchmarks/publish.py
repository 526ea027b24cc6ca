"""How fast a release comes to a web site, next to OpenSSH's sftp and to automation.py's way."""
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile

from benchmarks.delay import DelayedWay
from benchmarks.program import ROOT, Program, environment, in_turn
from benchmarks.ssh import DELAY, Server, Transfer, java_flags, transfer_jar

FILES, SIZE = 16, 12_500_000

# Of what automation.py's way is measured with; the whole would take five minutes.
SMALL = 1_000_000


class Sending(Transfer):
    """Hgauto's side, to a folder that is empty each time: else what is there would not be sent again."""

    def run(self, keep=True):
        empty(pathlib.Path(self.argv[-1]))
        super().run(keep)


class AutomationPy(Program):
    """The seconds after connecting, as it prints them."""

    def run(self, keep=True):
        super().run(keep)
        if keep:
            self.seconds[-1] = float(self.printed) * FILES * SIZE / SMALL


def empty(folder):
    shutil.rmtree(folder)
    folder.mkdir()


def measure(runs, folder, python):
    places = [folder / name for name in ("shell", "sftp-only")]
    for place in places:
        place.mkdir()
    shell = Server(places[0])
    sftp_only = Server(places[1], "ForceCommand internal-sftp")
    ways = [DelayedWay(server.port, DELAY) for server in (shell, sftp_only)]
    here, there = folder / "here", folder / "there"
    here.mkdir()
    there.mkdir()
    for count in range(FILES):
        (here / f"file-{count}").write_bytes(os.urandom(SIZE))
    (folder / "small").write_bytes(os.urandom(SMALL))
    (folder / "put").write_text(f"put {here}/* {there}\n")
    (folder / "nothing").write_text("")
    known = folder / "known_hosts"
    known.write_text(f"[127.0.0.1]:{ways[0].port} " + (places[0] / "host_key.pub").read_text())
    java = ["java", *java_flags(folder), "-cp", f"{ROOT / 'target' / 'hgauto.jar'}:{transfer_jar(folder)}"]
    archive = folder / "transfer.jsa"

    def ours(server, port, deed, flag="-XX:SharedArchiveFile"):
        return Sending([*java, f"{flag}={archive}"], server, port, deed, 1, 0, here, there)

    def sftp(batch):
        return Program(f"sftp {batch}", ["sftp", "-q", "-F", places[0] / "ssh_config", "-P", str(ways[0].port), "-b",
                                         folder / batch, "bench"], environment())

    try:
        ours(shell, shell.port, "stage", "-XX:ArchiveClassesAtExit").run()
        put, connect = sftp("put"), sftp("nothing")
        automation = AutomationPy(
            "automation.py's way",
            [python, ROOT / "scripts/benchmarks/paramiko_way.py", str(ways[0].port),
             places[0] / "keys/keypair-automation", known, folder / "small", there / "small"], environment())
        rows = [
            ("hgauto, not verified", 0.45, ours(shell, ways[0].port, "rest")),
            ("hgauto, verified by sha256sum there", 0.6, ours(shell, ways[0].port, "stage")),
            ("hgauto, verified by reading back", 0.9, ours(sftp_only, ways[1].port, "stage")),
        ]
        in_turn([put, connect, automation, *(program for _, _, program in rows)], runs)
        for file in here.iterdir():
            [sent] = there.glob(f".{file.name}.*.part")
            if sent.read_bytes() != file.read_bytes():
                sys.exit(f"{sent} is not what was sent")
        report(runs, put, connect, automation, rows)
    finally:
        for opened in *ways, shell, sftp_only:
            opened.close()


def report(runs, put, connect, automation, rows):
    print(f"{FILES} files of {SIZE / 1e6} MB, 50 ms round trip, after connecting. Medians of {runs} runs in"
          f" turn, seconds; {os.cpu_count()} CPUs, load {os.getloadavg()[1]:.1f}\n")
    print("| | seconds | from to | to sftp | goal |\n|---|---|---|---|---|")
    connecting = statistics.median(connect.seconds)
    put.seconds = [seconds - connecting for seconds in put.seconds]
    sftp = statistics.median(put.seconds)
    print(f"| OpenSSH's sftp | {cells(put)} | 1 | |")
    print(f"| automation.py's way, from {SMALL / 1e6:.0f} MB | {cells(automation)} |"
          f" {statistics.median(automation.seconds) / sftp:.1f} | |")
    for what, goal, program in rows:
        ratio = statistics.median(program.seconds) / sftp
        print(f"| {what} | {cells(program)} | {ratio:.2f} | at most {goal}: {'met' if ratio <= goal else 'not met'} |")
    times = statistics.median(automation.seconds) / statistics.median(rows[0][2].seconds)
    print(f"\nHgauto sends {times:.0f} times as fast as automation.py (goal: 20). What it takes sftp to"
          f" connect, {connecting:.2f} s, is not in its seconds, either.")


def cells(program):
    s = program.seconds
    return f"{statistics.median(s):.2f} | {min(s):.2f} to {max(s):.2f}"


def bench(runs):
    subprocess.check_call([ROOT / "scripts" / "build"])
    python = subprocess.check_output([ROOT / "scripts" / "venv", "bench"], text=True).strip()
    memory = "/dev/shm" if os.path.isdir("/dev/shm") else None  # so that no disk is measured
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        measure(runs, pathlib.Path(folder), python)
