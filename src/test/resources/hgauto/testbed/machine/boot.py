"""The first process of a machine, which is also its cloud-init and its service manager."""

import os
import signal
import subprocess
import time

import cloud_init
import ec2launch

START_SSHD = signal.SIGUSR1

# What systemd takes it for, and what the stand-in for poweroff sends.
POWER_OFF = signal.SIGRTMIN + 4

WANTED = "/etc/systemd/system/multi-user.target.wants"
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def unblocked():
    signal.pthread_sigmask(signal.SIG_SETMASK, [])


def units_of_ours():
    """Those that an earlier boot has left, or the machine that the image is of."""
    found = os.listdir(WANTED) if os.path.isdir(WANTED) else []
    return sorted(name for name in found if name.startswith("end-at-expiry-"))


def start_unit(name):
    with open(os.path.join(WANTED, name), encoding="utf-8") as file:
        for line in file:
            if line.startswith("ExecStart="):
                command = line.strip().split("=", 1)[1].split()
                subprocess.run(command, check=False, preexec_fn=unblocked)


def start_sshd():
    """Returns once it listens."""
    os.makedirs("/run/sshd", mode=0o755, exist_ok=True)
    sshd = subprocess.Popen(["/usr/sbin/sshd", "-D", "-e"], preexec_fn=unblocked)
    while not os.path.exists("/run/sshd.pid"):
        if sshd.poll() is not None:
            raise RuntimeError(f"sshd has ended with {sshd.returncode}")
        time.sleep(0.005)
    return sshd


def host_keys():
    found = []
    for name in sorted(os.listdir("/etc/ssh")):
        if name.startswith("ssh_host_") and name.endswith(".pub"):
            with open(os.path.join("/etc/ssh", name), encoding="utf-8") as file:
                found.append(" ".join(file.read().split()[:2]))
    return found


def run(spec, say):
    """Boots and lives until it is told to power off; then the namespace ends with this process."""
    os.environ.clear()
    os.environ.update({"PATH": PATH, "HOME": "/root", "LANG": "C.UTF-8"})
    os.umask(0o022)
    told = [signal.SIGCHLD, START_SSHD, POWER_OFF]
    signal.pthread_sigmask(signal.SIG_BLOCK, told)
    subprocess.run(["find", "/tmp", "-mindepth", "1", "-delete"], check=True)
    left = units_of_ours()
    if spec["windows"]:
        ec2launch.run(spec)
    else:
        cloud_init.run(spec, unblocked)
    for name in left:
        start_unit(name)
    if spec["otherHostKey"]:
        cloud_init.generate_host_keys(["ed25519"])
    if spec["script"]:
        code = subprocess.run(spec["script"], check=False, preexec_fn=unblocked).returncode
        if code != 0:
            raise RuntimeError(f"the script has ended with {code}")
    sshd = start_sshd() if spec["sshd"] else None
    say(event="up", hostKeys=host_keys())
    while True:
        signal_number = signal.sigwait(told)
        if signal_number == POWER_OFF:
            return 0
        if signal_number == START_SSHD and sshd is None:
            sshd = start_sshd()
            say(event="sshd")
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            pass
