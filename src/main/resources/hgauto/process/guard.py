"""Runs one command, and sees to it that nothing of it is left.

usage: python3 -I guard.py USER COMMAND [ARGUMENT...]

The command runs as the account USER, or as the guard's own where that is empty; the guard must be
root for another. Python's -I is for what the guard imports: without it that could come from the
command's folder or HOME, and would run with the guard's rights.

The command runs in a session, and so in a process group, of its own, with no standard input. The
guard ends when the command ends, or when its own standard input ends: the caller holds the other
end of that pipe, so stopping the command is closing the pipe, and a caller that dies stops it too.

Before the guard ends it ends every process that the command left behind. On Linux these are all
its descendants, daemons that detached themselves included: the guard makes itself their "child
subreaper" (prctl(2)), so an orphan becomes its child, not init's. Elsewhere they are the command's
process group. What runs as another account, by sudo, is beyond a guard that is not root: sudo passes
SIGTERM on, but what does not heed it stays.

Exit code: the command's; 128 and the signal's number where a signal ended it, as in a shell; 126
where it could not be started.
"""

import ctypes
import os
import pwd
import select
import signal
import subprocess
import sys
import time

GRACE_SECONDS = 3  # between asking to end and ending
KILL_SECONDS = 10  # a process can hang in the kernel beyond the reach of SIGKILL
PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h


def adopt_orphans():
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def start(command, user):
    as_user = {}
    if user:
        account = pwd.getpwnam(user)
        as_user = {
            "user": account.pw_uid,
            "group": account.pw_gid,
            "extra_groups": os.getgrouplist(user, account.pw_gid),
        }
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True, **as_user)


def wait_for_end_or_stop(child, wakeup):
    while True:
        reap(child)
        if child.returncode is not None:
            return
        ready, _, _ = select.select([0, wakeup], [], [])
        if 0 in ready and not os.read(0, 1024):
            return
        if wakeup in ready:
            os.read(wakeup, 1024)


def descendants():
    """Every process below this one, found anew from /proc each time."""
    children = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                with open("/proc/%s/stat" % entry, "rb") as stat:
                    # pid (name) state parent …; the name can hold anything, a ")" too
                    fields = stat.read().rpartition(b")")[2].split()
            except OSError:
                continue  # it ended meanwhile
            if fields[0] != b"Z":
                children.setdefault(int(fields[1]), []).append(int(entry))
    found, todo = [], [os.getpid()]
    while todo:
        below = children.get(todo.pop(), [])
        found.extend(below)
        todo.extend(below)
    return found


def reap(child):
    """Collects whatever has ended: the command, and the orphans that it left to us."""
    try:
        while True:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            if pid == child.pid:
                signalled = os.WIFSIGNALED(status)
                child.returncode = -os.WTERMSIG(status) if signalled else os.WEXITSTATUS(status)
    except ChildProcessError:
        pass  # nothing is left to wait for


def signal_all(child, number):
    """Sends the signal to whatever is left; tells whether anything was."""
    if sys.platform == "linux":
        left = descendants()
    else:
        left = [-child.pid]  # the process group
    sent = False
    for pid in left:
        try:
            os.kill(pid, number)
            sent = True
        except OSError:
            pass  # ended meanwhile
    return sent


def kill_account(user):
    """Ends all that the account runs, at one blow, which even a fork bomb cannot outrun."""
    uid = pwd.getpwnam(user).pw_uid
    try:
        pid = os.fork()
    except OSError:
        return  # there is no room for one more process yet
    if pid == 0:
        try:
            os.setuid(uid)
            if uid != 0 and os.getresuid() == (uid, uid, uid):
                os.kill(-1, signal.SIGKILL)  # all that this account may signal, but ourselves
        finally:
            os._exit(0)


def end_all(child, user):
    for number, seconds in ((signal.SIGTERM, GRACE_SECONDS), (signal.SIGKILL, KILL_SECONDS)):
        end = time.monotonic() + seconds
        # SIGTERM once: a second one would cut short an orderly end. SIGKILL until nothing is left,
        # since what is being killed may still be making new processes.
        left = signal_all(child, number)
        while left and time.monotonic() < end:
            if user and number == signal.SIGKILL:
                kill_account(user)
            time.sleep(0.02)
            reap(child)
            left = signal_all(child, 0 if number == signal.SIGTERM else number)
        if not left:
            return


def main():
    user, command = sys.argv[1], sys.argv[2:]

    # Ctrl-C in a terminal reaches the guard as well, but ending is the caller's decision. These are
    # handlers rather than SIG_IGN, which the command would inherit.
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM, signal.SIGCHLD):
        signal.signal(number, lambda *_: None)
    wakeup, sent = os.pipe()
    os.set_blocking(sent, False)
    signal.set_wakeup_fd(sent)

    adopt_orphans()
    try:
        child = start(command, user)
    except (OSError, KeyError, subprocess.SubprocessError) as e:
        print("cannot run %s: %s" % (command[0], e), file=sys.stderr)
        return 126
    wait_for_end_or_stop(child, wakeup)
    end_all(child, user)
    reap(child)
    code = child.returncode
    if code is None:
        return 128 + signal.SIGKILL
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main())
