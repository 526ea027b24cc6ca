"""OpenSSH's SFTP server for one folder, which is watched, and may kill the client.

Usage, as sshd's ForceCommand: watched_sftp.py CONTROL SERVER

Before each operation that changes something, CONTROL/check has to find every public file whole; what
it finds else is a line in CONTROL/violations. CONTROL/operations has a line for each operation, in
order. If CONTROL/kill has the number of the next one, the process whose id is in CONTROL/pid is
killed with -9, and the operation is not carried out.

If CONTROL/signal is there, it has the name of another signal, such as INT. Then nothing is answered any
more, until the client is gone.

CONTROL/cut has the number of one at which the connection is cut instead.

CONTROL/expected.json, if it is there, has the folder ("site"), the SHA-256 of each file that may be there by name
("files"), and the two contents that latest.dat may have by their SHA-256, each with the files that it
offers ("latest").
"""

import fcntl
import hashlib
import json
import os
import pathlib
import signal
import struct
import subprocess
import sys

OPEN, WRITE, SETSTAT, FSETSTAT, REMOVE, RENAME, EXTENDED = 3, 6, 9, 10, 13, 18, 200
NAMES = {6: "write", 9: "setstat", 10: "fsetstat", 13: "remove", 18: "rename"}
FOR_WRITING = 0x02

control, server = pathlib.Path(sys.argv[1]), sys.argv[2]
command = os.environ.get("SSH_ORIGINAL_COMMAND", "")
if "sftp" not in command:
    os.execl("/bin/sh", "sh", "-c", command)
child = subprocess.Popen([server], stdin=subprocess.PIPE, stdout=sys.stdout)


def changes(packet):
    """The name of what it does, or None if it changes nothing."""
    kind = packet[0]
    if kind == OPEN:
        length = struct.unpack_from(">I", packet, 5)[0]
        flags = struct.unpack_from(">I", packet, 9 + length)[0]
        return "open" if flags & FOR_WRITING else None
    if kind == EXTENDED:
        length = struct.unpack_from(">I", packet, 5)[0]
        name = packet[9 : 9 + length].decode()
        return name if name.startswith(("posix-rename", "fsync")) else None
    return NAMES.get(kind)


def violations(expected):
    site = pathlib.Path(expected["site"])
    there = [name for name in os.listdir(site) if not name.startswith(".")]
    for name in there:
        digest = hashlib.sha256((site / name).read_bytes()).hexdigest()
        if name == "latest.dat":
            if digest not in expected["latest"]:
                yield "latest.dat is neither the old nor the new one"
            for offered in expected["latest"].get(digest, []):
                if offered not in there:
                    yield f"latest.dat offers {offered}, which is not there"
        elif digest != expected["files"].get(name):
            yield f"{name} is not whole"
    for name in expected["old"]:
        if name not in there:
            yield f"{name} is gone"


def is_now(what, number):
    file = control / what
    if not file.exists() or int(file.read_text()) != number:
        return False
    file.unlink()
    return True


def before(operation):
    with open(control / "operations", "a+") as operations:
        fcntl.flock(operations, fcntl.LOCK_EX)
        operations.seek(0)
        number = len(operations.readlines()) + 1
        if (control / "expected.json").exists():
            expected = json.loads((control / "expected.json").read_text())
            with open(control / "violations", "a") as found:
                for violation in violations(expected):
                    found.write(f"before {number}, {operation}: {violation}\n")
        if is_now("kill", number):
            name = (control / "signal").read_text() if (control / "signal").exists() else "KILL"
            os.kill(int((control / "pid").read_text()), signal.Signals["SIG" + name])
            while name != "KILL" and sys.stdin.buffer.read(1):
                pass
            os._exit(1)
        if is_now("cut", number):
            os.kill(os.getppid(), signal.SIGKILL)
            os._exit(1)
        operations.write(operation + "\n")


while True:
    head = sys.stdin.buffer.read(4)
    if len(head) < 4:
        break
    packet = sys.stdin.buffer.read(struct.unpack(">I", head)[0])
    operation = changes(packet)
    if operation:
        before(operation)
    child.stdin.write(head + packet)
    child.stdin.flush()
child.stdin.close()
child.wait()
