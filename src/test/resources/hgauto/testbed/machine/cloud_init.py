"""What cloud-init 22.4, Debian 12's, does with the user data that is sent here, at a first boot.

Only what is sent is known: a key that is not fails the boot, so that a typing error cannot pass.
Each function is named after the module whose part it plays.
"""

import glob
import os
import pwd
import shlex
import subprocess

import yaml

DEFAULT_USER = "admin"  # of Debian's images for EC2
DEFAULT_GROUPS = ["adm", "audio", "cdrom", "dialout", "dip", "floppy", "plugdev", "sudo", "video"]

KNOWN = {"bootcmd", "users", "ssh_keys", "ssh_deletekeys", "ssh_genkeytypes"}
KEY_TYPES = ["rsa", "ecdsa", "ed25519"]


def parse(user_data):
    if not user_data:
        return {}
    first, _, rest = user_data.partition("\n")
    if first.strip() != "#cloud-config":
        raise ValueError(f"no cloud-config: {first}")
    config = yaml.safe_load(rest) or {}
    unknown = set(config) - KNOWN
    if unknown:
        raise ValueError(f"user data with unknown keys: {sorted(unknown)}")
    return config


def bootcmd(commands, instance, preexec):
    """One script of all, in which one that fails does not stop the next."""
    lines = ["#!/bin/sh"]
    for command in commands:
        lines.append(command if isinstance(command, str) else shlex.join(map(str, command)))
    subprocess.run(
        ["/bin/sh", "-c", "\n".join(lines)],
        check=False,
        env={**os.environ, "INSTANCE_ID": instance},
        preexec_fn=preexec,
    )


def users_groups(users):
    for user in users:
        if user == "default":
            add_default_user()
            continue
        unknown = set(user) - {"name", "ssh_authorized_keys"}
        if unknown:
            raise ValueError(f"a user with unknown keys: {sorted(unknown)}")
        if not exists(user["name"]):
            useradd(user["name"])
        authorize(user["name"], user.get("ssh_authorized_keys", []))


def add_default_user():
    if exists(DEFAULT_USER):
        return
    useradd(DEFAULT_USER, "--groups", ",".join(existing_groups()))
    rules = "/etc/sudoers.d/90-cloud-init-users"
    with open(rules, "w", encoding="utf-8") as file:
        file.write(f"{DEFAULT_USER} ALL=(ALL) NOPASSWD:ALL\n")
    os.chmod(rules, 0o440)


def existing_groups():
    with open("/etc/group", encoding="utf-8") as file:
        names = {line.split(":", 1)[0] for line in file}
    return [name for name in DEFAULT_GROUPS if name in names]


def exists(name):
    try:
        pwd.getpwnam(name)
        return True
    except KeyError:
        return False


def useradd(name, *options):
    subprocess.run(
        ["useradd", "--create-home", "--shell", "/bin/bash", *options, name], check=True
    )


def authorize(name, lines):
    """Adds them to what the account has."""
    if not lines:
        return
    user = pwd.getpwnam(name)
    folder = os.path.join(user.pw_dir, ".ssh")
    os.makedirs(folder, mode=0o700, exist_ok=True)
    file = os.path.join(folder, "authorized_keys")
    had = open(file, encoding="utf-8").read().splitlines() if os.path.exists(file) else []
    with open(file, "w", encoding="utf-8") as out:
        out.writelines(line.strip() + "\n" for line in dict.fromkeys(had + lines))
    os.chmod(file, 0o600)
    for path in (folder, file):
        os.chown(path, user.pw_uid, user.pw_gid)


def ssh(config, users, public_keys):
    if config.get("ssh_deletekeys", True):
        for file in glob.glob("/etc/ssh/ssh_host_*key*"):
            os.remove(file)
    if "ssh_keys" in config:
        preset_host_keys(config["ssh_keys"])
    else:
        kinds = config.get("ssh_genkeytypes", KEY_TYPES)
        generate_host_keys([kind for kind in kinds if not os.path.exists(host_key(kind))])
    if "default" in users:
        authorize(DEFAULT_USER, public_keys)


def host_key(kind):
    return f"/etc/ssh/ssh_host_{kind}_key"


def preset_host_keys(keys):
    for name, text in keys.items():
        kind, _, half = name.partition("_")
        if kind not in KEY_TYPES or half not in ("private", "public"):
            raise ValueError(f"ssh_keys with an unknown key: {name}")
        private = half == "private"
        file = host_key(kind) + ("" if private else ".pub")
        with open(file, "w", encoding="utf-8") as out:
            out.write(text)
        os.chmod(file, 0o600 if private else 0o644)


def generate_host_keys(kinds):
    """All at once: that of RSA takes longest."""
    running = []
    for kind in kinds:
        for file in glob.glob(host_key(kind) + "*"):
            os.remove(file)
        argv = ["ssh-keygen", "-q", "-t", kind, "-N", "", "-C", "", "-f", host_key(kind)]
        running.append(subprocess.Popen(argv))
    if any(process.wait() for process in running):
        raise RuntimeError("ssh-keygen has failed")


def run(spec, preexec):
    config = parse(spec["userData"])
    users = config.get("users", ["default"])
    bootcmd(config.get("bootcmd", []), spec["instance"], preexec)
    users_groups(users)
    ssh(config, users, spec["publicKeys"])
