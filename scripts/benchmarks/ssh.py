"""How fast hgauto reaches machines by SSH, next to OpenSSH's own ssh and sftp, on a server of its own."""
import filecmp
import getpass
import os
import pathlib
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile

from benchmarks.delay import DelayedWay
from benchmarks.program import HGAUTO, ROOT, Program, environment, in_turn

TRANSFER = "hgauto.testbed.TransferProgram"

FILES, SIZE = 16, 12 * 10**6

# Seconds in each direction.
DELAY = 0.025

SERVER = """
ListenAddress 127.0.0.1:{port}
HostKey {folder}/host_key
AuthorizedKeysFile {folder}/keys/keypair-automation.pub
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
Subsystem sftp internal-sftp
"""

# The cipher is the one that hgauto prefers; OpenSSH's own first choice is slower.
CLIENT = """
Host *
HostName 127.0.0.1
IdentityFile {folder}/keys/keypair-automation
IdentitiesOnly yes
IdentityAgent none
UserKnownHostsFile {folder}/known_hosts
GlobalKnownHostsFile none
HostKeyAlias bench
StrictHostKeyChecking yes
Ciphers aes128-gcm@openssh.com
"""


def java_flags(folder):
    """Those that the launcher gives Java for commands that work on machines; Java is played by a script."""
    home = folder / "java"
    (home / "bin").mkdir(parents=True)
    (home / "release").write_text('JAVA_VERSION="17"\n')
    (home / "bin" / "java").write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n')
    (home / "bin" / "java").chmod(0o700)
    said = subprocess.check_output([HGAUTO, "check-host"], text=True, env=environment(JAVA_HOME=home, HOME=folder))
    return [flag for flag in said.split("-jar\n")[0].splitlines() if flag.startswith("-X")]


class Server:
    """OpenSSH's server on a loopback port, for the account that this runs as."""

    def __init__(self, folder, *more):
        self.folder = folder
        (folder / "keys").mkdir()
        for key, kind in ("host_key", "ed25519"), ("keys/keypair-automation", "rsa"):
            subprocess.check_call(["ssh-keygen", "-q", "-t", kind, "-N", "", "-f", folder / key])
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        (folder / "sshd_config").write_text(SERVER.format(port=self.port, folder=folder)
                                            + "".join(line + "\n" for line in more))
        (folder / "ssh_config").write_text(CLIENT.format(folder=folder))
        (folder / "known_hosts").write_text("bench " + (folder / "host_key.pub").read_text())
        if os.getuid() == 0:
            os.makedirs("/run/sshd", exist_ok=True)
        sshd = shutil.which("sshd", path="/usr/sbin:/usr/local/sbin:/usr/bin")
        if not sshd:
            sys.exit("There is no sshd. Please install OpenSSH's server.")
        with open(folder / "log", "wb") as log:
            self.process = subprocess.Popen([sshd, "-D", "-e", "-f", folder / "sshd_config"], stderr=log)
        end = time.monotonic() + 10
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return
            except ConnectionRefusedError:
                if time.monotonic() > end:
                    sys.exit("sshd does not start:\n" + (folder / "log").read_text())
                time.sleep(0.02)

    def close(self):
        self.process.terminate()
        self.process.wait()


class Transfer(Program):
    """Hgauto's side; of what it says, it is `what` that counts: the whole process, or one of the times it prints."""

    def __init__(self, java, server, port, deed, times, what, source="", target=""):
        address = f"ssh://{getpass.getuser()}@127.0.0.1:{port}"
        super().__init__(f"hgauto {deed}", [*java, TRANSFER, server.folder / "keys", address,
                                            server.folder / "host_key.pub", deed, str(times), source, target],
                         environment())
        self.what, self.connected = what, []

    def run(self, keep=True):
        super().run(keep)
        connected, *done = map(float, self.printed.split())
        if keep:
            self.connected.append(connected)
            if self.what is not None:
                self.seconds[-1] = done[self.what]


def transfer_jar(folder):
    """That class in a jar of its own: there is no archive of classes for a class path with folders."""
    jar = folder / "transfer.jar"
    with zipfile.ZipFile(jar, "w") as written:
        classes = ROOT / "target" / "test-classes"
        for file in classes.glob(TRANSFER.replace(".", "/") + "*.class"):
            written.write(file, file.relative_to(classes))
    return jar


def through(way):
    """Seconds that as many bytes take through the delayed way alone, and those of this process's CPU."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        proxy = DelayedWay(listener.getsockname()[1], way.delay)
        with socket.create_connection(("127.0.0.1", proxy.port)) as near, listener.accept()[0] as far:
            begin, cpu = time.perf_counter(), time.process_time()
            sender = subprocess.Popen([sys.executable, "-c", f"import sys\nfor _ in range({FILES}):"
                                       f" sys.stdout.buffer.write(bytes({SIZE}))"], stdout=near)
            near.close()
            left = FILES * SIZE
            while left:
                left -= len(far.recv(2**20))
            took = time.perf_counter() - begin, time.process_time() - cpu
            sender.wait()
        proxy.close()
        return took


def measure(runs, folder):
    server = Server(folder)
    way = DelayedWay(server.port, DELAY)
    here, there, back = (folder / name for name in ("here", "there", "back"))
    for place in here, there, back:
        place.mkdir()
    for count in range(FILES):
        (here / f"file-{count}").write_bytes(os.urandom(SIZE))
    (folder / "up").write_text(f"put {here}/* {there}\n")
    (folder / "down").write_text(f"get {there}/* {back}\n")
    (folder / "nothing").write_text("")
    java = ["java", *java_flags(folder), "-cp", f"{ROOT / 'target' / 'hgauto.jar'}:{transfer_jar(folder)}"]
    archive = folder / "transfer.jsa"
    folders = {"up": (here, there), "down": (there, back), "lines": ("", "")}

    def ours(port, deed, times, what, flag="-XX:SharedArchiveFile"):
        return Transfer([*java, f"{flag}={archive}"], server, port, deed, times, what, *folders[deed])

    def sftp(port, deed):
        return Program(f"sftp {deed}", ["sftp", "-q", "-F", folder / "ssh_config", "-P", str(port), "-b",
                                        folder / deed, "bench"], environment())

    try:
        ours(server.port, "up", 1, 0, "-XX:ArchiveClassesAtExit").run()
        connect = sftp(way.port, "nothing")
        rows = [
            ("50 ms, up; hgauto after connecting", 0.45, sftp(way.port, "up"), ours(way.port, "up", 1, 0)),
            ("50 ms, down; hgauto after connecting", 0.40, sftp(way.port, "down"), ours(way.port, "down", 1, 0)),
            ("loopback, up; whole processes", 2, sftp(server.port, "up"), ours(server.port, "up", 1, None)),
            ("loopback, down; whole processes", 2, sftp(server.port, "down"), ours(server.port, "down", 1, None)),
            ("loopback, up; hgauto for the fourth time", 1, sftp(server.port, "up"), ours(server.port, "up", 4, 3)),
            ("loopback, down; hgauto for the fourth time", 1, sftp(server.port, "down"),
             ours(server.port, "down", 4, 3)),
            ("a million lines; hgauto after connecting", 1.5,
             Program("ssh", ["ssh", "-F", folder / "ssh_config", "-p", str(server.port), "bench", "seq 1000000"],
                     environment()),
             ours(server.port, "lines", 1, 0)),
        ]
        for _, _, baseline, program in rows:
            in_turn([baseline, program, connect] if baseline is rows[0][2] else [baseline, program], runs)
        for place in there, back:
            for file in here.iterdir():
                if not filecmp.cmp(file, place / file.name, shallow=False):
                    sys.exit(f"{place / file.name} is not what was sent")
        report(runs, rows, connect, through(way))
    finally:
        way.close()
        server.close()


def report(runs, rows, connect, way):
    print(f"{FILES} files of {SIZE / 1e6:.0f} MB. Medians of {runs} runs in turn, seconds; {os.cpu_count()} CPUs,"
          f" load {os.getloadavg()[1]:.1f}\n")
    print("| | seconds | from to | ratio | goal |")
    print("|---|---|---|---|---|")
    for what, goal, baseline, ours in rows:
        ratio = statistics.median(ours.seconds) / statistics.median(baseline.seconds)
        verdict = f"at most {goal:.2f}: {'met' if ratio <= goal else 'not met'}"
        print(f"| {what}: {baseline.name.split()[0]} | {cells(baseline)} | 1 | |")
        print(f"| {what}: hgauto | {cells(ours)} | {ratio:.2f} | {verdict} |")
    far = [seconds for _, _, _, ours in rows[:2] for seconds in ours.connected]
    near = [seconds for _, _, _, ours in rows[2:] for seconds in ours.connected]
    print(f"\nTo connect with 50 ms takes sftp {statistics.median(connect.seconds):.2f} s in all, and hgauto"
          f" {statistics.median(far):.2f} s; on loopback hgauto {statistics.median(near):.2f} s."
          f"\nAs many bytes alone take {way[0]:.2f} s with 50 ms, {way[1]:.2f} s of this process's CPU.")


def cells(program):
    s = program.seconds
    return f"{statistics.median(s):.2f} | {min(s):.2f} to {max(s):.2f}"


def bench(runs):
    subprocess.check_call([ROOT / "scripts" / "build"])
    memory = "/dev/shm" if os.path.isdir("/dev/shm") else None  # so that no disk is measured
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        measure(runs, pathlib.Path(folder))
