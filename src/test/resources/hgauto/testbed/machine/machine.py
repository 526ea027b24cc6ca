"""Usage: machine.py FOLDER

Plays one machine, as FOLDER/spec.json describes it (see TestMachine.java), for as long as standard
input is open. Reads orders from there, a line each: "sshd", "cut", "freeze". Prints what happens,
an object of JSON a line. What the machine's programs say is in FOLDER/log, which stays; all else in
FOLDER is removed at the end.

The machine is a PID namespace; whoever ends its first process ends all of them. All mounts are in a
mount namespace of its own, and loop devices detach themselves, so nothing remains even if this
process is killed.
"""

import ctypes
import errno
import fcntl
import json
import os
import random
import select
import shutil
import signal
import socket
import stat
import struct
import sys
import time
import traceback

import boot
import system

CLONE_NEWPID = 0x20000000
PR_SET_PDEATHSIG = 1

LOOP_CTL_GET_FREE = 0x4C82
LOOP_CONFIGURE = 0x4C0A
LO_FLAGS_AUTOCLEAR = 4
LOOP_MAJOR = 7

# What a kernel says, or whoever confines us, where machines cannot be.
NOT_HERE = {errno.EPERM, errno.EACCES, errno.ENODEV, errno.ENOSYS, errno.EADDRINUSE}


# Standard output as it was given; the machine's programs get the log instead.
EVENTS = os.dup(1)


def say(**event):
    """One write, so that the lines of the two processes do not mix."""
    try:
        os.write(EVENTS, (json.dumps(event) + "\n").encode())
    except BrokenPipeError:
        pass  # nobody listens any more, and standard input ends


def reserve_address():
    """An address that no other machine has, in this checkout or another.

    A socket that is bound, and does not listen, reserves it: nobody can bind the same port, and
    whoever connects is refused. That port 22 is free is found by trying.
    """
    for _ in range(100):
        address = "127.%d.%d.%d" % tuple(random.randint(1, 254) for _ in range(3))
        reserved = socket.socket()
        try:
            reserved.bind((address, 1))
            with socket.socket() as trial:
                trial.bind((address, 22))
            return address, reserved
        except OSError:
            reserved.close()
    raise OSError(errno.EADDRINUSE, "port 22 is taken on all addresses, by an SSH server here")


def disk_image(folder, i):
    return os.path.join(folder, f"disk{i}")


def attach(file):
    """The number of a loop device on that file, and what keeps it: an open file."""
    with open(file, "r+b") as backing:
        while True:
            with open("/dev/loop-control", "rb") as control:
                number = fcntl.ioctl(control, LOOP_CTL_GET_FREE)
            node = f"/dev/loop{number}"
            try:
                os.mknod(node, 0o600 | stat.S_IFBLK, os.makedev(LOOP_MAJOR, number))
            except FileExistsError:  # the kernel makes it, or another machine was faster
                pass
            device = os.open(node, os.O_RDWR)
            # struct loop_config: fd, block size, struct loop_info64 (flags at 52), reserved
            config = bytearray(304)
            struct.pack_into("=I", config, 0, backing.fileno())
            struct.pack_into("=I", config, 8 + 52, LO_FLAGS_AUTOCLEAR)
            try:
                fcntl.ioctl(device, LOOP_CONFIGURE, bytes(config))
                return number, device
            except OSError:  # another was faster
                os.close(device)
                if not os.path.exists(f"/sys/block/loop{number}/loop"):
                    raise


def processes(init):
    """All processes in the namespace of that one."""
    namespace = os.readlink(f"/proc/{init}/ns/pid")
    found = set()
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            if os.readlink(f"/proc/{name}/ns/pid") == namespace:
                found.add(int(name))
        except OSError:
            pass  # it has ended
    return found


def freeze(init):
    """Stops all of them; those too that are started meanwhile."""
    stopped = set()
    while True:
        running = processes(init) - stopped
        if not running:
            return
        for pid in running:
            try:
                os.kill(pid, signal.SIGSTOP)
            except ProcessLookupError:
                pass
        stopped |= running


def end(init):
    """Returns once all processes of the machine are dead: the first one dies last."""
    try:
        os.kill(init, signal.SIGKILL)
    except ProcessLookupError:
        pass


def supervise(init):
    """Carries out orders until standard input ends."""
    pidfd = os.pidfd_open(init)
    poll = select.poll()
    poll.register(0, select.POLLIN)
    poll.register(pidfd, select.POLLIN)
    orders = b""
    alive = True
    while True:
        for ready, _ in poll.poll():
            if ready == pidfd:
                status = os.waitstatus_to_exitcode(os.waitpid(init, 0)[1])
                say(event="ended", how="poweroff" if status == 0 else f"status {status}")
                poll.unregister(pidfd)
                alive = False
                continue
            read = os.read(0, 4096)
            if not read:
                if alive:
                    end(init)
                    os.waitpid(init, 0)
                return
            *lines, orders = (orders + read).split(b"\n")
            for order in lines if alive else []:
                if order == b"sshd":
                    os.kill(init, boot.START_SSHD)
                elif order == b"cut":
                    end(init)
                elif order == b"freeze":
                    freeze(init)
                    say(event="frozen")
                else:
                    raise ValueError(order)


def detached(number, image):
    """Whether the loop device is not on that file any more."""
    try:
        with open(f"/sys/block/loop{number}/loop/backing_file", encoding="utf-8") as file:
            return not file.read().startswith(image)
    except OSError:
        return True


def remove(folder, loops):
    """All files but the log, once nothing uses them; what the kernel unmounts takes a moment."""
    until = time.monotonic() + 40
    for i, (number, device) in enumerate(loops):
        os.close(device)
        while not detached(number, disk_image(folder, i)):
            if time.monotonic() > until:
                raise TimeoutError(f"loop{number} stays in use")
            time.sleep(0.01)
    for name in os.listdir(folder):
        path = os.path.join(folder, name)
        if os.path.isdir(path):
            shutil.rmtree(path)
        elif name != "log":
            os.remove(path)


def main(folder):
    try:
        play(folder)
    except OSError as e:
        if e.errno not in NOT_HERE:
            raise
        say(event="unsupported", why=str(e))
        sys.exit(1)


def play(folder):
    with open(os.path.join(folder, "spec.json"), encoding="utf-8") as file:
        spec = json.load(file)
    log = os.open(os.path.join(folder, "log"), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 1)
    os.dup2(log, 2)
    address, reserved = reserve_address()
    loops = []
    for i, disk in enumerate(spec["disks"]):
        image = disk_image(folder, i)
        with open(image, "wb") as file:
            file.truncate(disk["mib"] << 20)
        loops.append(attach(image))
    libc = ctypes.CDLL(None, use_errno=True)
    system.check(libc.unshare(CLONE_NEWPID), "unshare")
    init = os.fork()
    if init == 0:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        code = 1
        try:
            reserved.close()
            os.dup2(os.open("/dev/null", os.O_RDONLY), 0)
            os.setsid()
            numbers = [number for number, _ in loops]
            system.enter(folder, spec, address, numbers)
            for _, device in loops:
                os.close(device)  # the supervisor's keeps it
            code = boot.run(spec, say)
        except BaseException as e:  # whatever it is, it must not go on as the supervisor
            traceback.print_exc()
            here = not isinstance(e, OSError) or e.errno not in NOT_HERE
            say(event="failed" if here else "unsupported", why=f"{type(e).__name__}: {e}")
        finally:
            os._exit(code)
    say(event="started", pid=init, address=address)
    supervise(init)
    remove(folder, loops)


if __name__ == "__main__":
    main(os.path.abspath(sys.argv[1]))
