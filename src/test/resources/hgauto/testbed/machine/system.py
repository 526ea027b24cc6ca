"""The machine's file system: what a Debian of EC2's looks like, made of the one that tests run on.

The system is an overlay. From the top: the machine's own layer, those of its image, what this file
writes, and the root of this machine, of which only the distribution is to be seen.
"""

import ctypes
import os
import shutil
import stat

HERE = os.path.dirname(os.path.abspath(__file__))

# Of / these are seen. All else is empty, if Debian has it, or is not there.
SHARED = {"bin", "boot", "etc", "lib", "lib32", "lib64", "libx32", "opt", "sbin", "usr", "var"}
EMPTY = ["dev", "home", "media", "mnt", "proc", "root", "run", "srv", "sys", "tmp"]
EMPTY_BELOW = ["etc/ssh/sshd_config.d", "var/lib/cloud", "var/tmp"]

CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC = 0x20000, 0x4000000, 0x8000000
MS_BIND, MS_REC, MS_PRIVATE, MS_RDONLY, MS_REMOUNT = 4096, 16384, 1 << 18, 1, 32
MNT_DETACH = 2
SYS_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}[os.uname().machine]

# The first process has its own layer open under this number, for whoever wants to copy it.
OWN_LAYER = 100

LIBC = ctypes.CDLL(None, use_errno=True)


def check(result, what):
    if result != 0:
        raise OSError(ctypes.get_errno(), f"{what}: {os.strerror(ctypes.get_errno())}")


def mount(source, target, kind="", options="", flags=0):
    os.makedirs(target, exist_ok=True)
    words = (source, target, kind, options)
    source, target, kind, options = (word.encode() for word in words)
    check(LIBC.mount(source, target, kind, flags, options), f"mount {words}")


def write(path, text, mode=0o644):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(path, mode)


def base_layer(base, address):
    """What is not as on the machine that tests run on."""
    for name in EMPTY + EMPTY_BELOW:
        folder = os.path.join(base, name)
        os.makedirs(folder)
        os.chmod(folder, 0o1777 if name.endswith("tmp") else 0o700 if name == "root" else 0o755)
        os.setxattr(folder, "trusted.overlay.opaque", b"y")
    for name in set(os.listdir("/")) - SHARED - set(EMPTY):
        os.mknod(os.path.join(base, name), stat.S_IFCHR, 0)  # overlayfs's mark of a deleted file
    shutil.copy("/usr/share/openssh/sshd_config", os.path.join(base, "etc/ssh/sshd_config"))
    # As Debian's images for EC2 have it; the address is this machine's only one.
    write(
        os.path.join(base, "etc/ssh/sshd_config.d/ec2.conf"),
        f"ListenAddress {address}\nPermitRootLogin no\nPasswordAuthentication no\n",
    )
    name = "ip-" + address.replace(".", "-")
    write(os.path.join(base, "etc/hostname"), name + "\n")
    write(os.path.join(base, "etc/hosts"), f"127.0.0.1 localhost\n{address} {name}\n")
    write(os.path.join(base, "etc/environment"), "")
    for name in (".bashrc", ".profile"):
        shutil.copy(os.path.join("/etc/skel", name), os.path.join(base, "root", name))
    for name in ("poweroff", "shutdown"):
        stand_in(base, name, os.path.join("usr/sbin", name))
    stand_in(base, "systemd-run", "usr/bin/systemd-run")


def stand_in(base, name, path):
    target = os.path.join(base, path)
    os.makedirs(os.path.dirname(target), exist_ok=True)
    shutil.copy(os.path.join(HERE, "standins", name), target)
    os.chmod(target, 0o755)


def devices(dev, disks, numbers):
    """A /dev where there are no disks but the machine's."""
    mount("dev", dev, "tmpfs", "mode=755")
    for name, minor in (("null", 3), ("zero", 5), ("full", 7), ("random", 8), ("urandom", 9)):
        node(os.path.join(dev, name), stat.S_IFCHR | 0o666, os.makedev(1, minor))
    node(os.path.join(dev, "tty"), stat.S_IFCHR | 0o666, os.makedev(5, 0))
    mount("devpts", os.path.join(dev, "pts"), "devpts", "newinstance,ptmxmode=0666,mode=620,gid=5")
    mount("shm", os.path.join(dev, "shm"), "tmpfs", "mode=1777")
    os.symlink("pts/ptmx", os.path.join(dev, "ptmx"))
    os.symlink("/proc/self/fd", os.path.join(dev, "fd"))
    for i, name in enumerate(("stdin", "stdout", "stderr")):
        os.symlink(f"/proc/self/fd/{i}", os.path.join(dev, name))
    for i, (disk, number) in enumerate(zip(disks, numbers), start=1):
        name = f"nvme{i}n1"
        node(os.path.join(dev, name), stat.S_IFBLK | 0o660, os.makedev(7, number), 6)
        by_id = os.path.join(dev, "disk/by-id")
        os.makedirs(by_id, exist_ok=True)
        link = "nvme-Amazon_Elastic_Block_Store_" + disk["serial"]
        os.symlink("../../" + name, os.path.join(by_id, link))
    control = "/dev/btrfs-control"
    if os.path.exists(control):
        node(os.path.join(dev, "btrfs-control"), stat.S_IFCHR | 0o660, os.stat(control).st_rdev, 6)


def node(path, mode, device, group=0):
    os.mknod(path, mode, device)
    os.chmod(path, stat.S_IMODE(mode))
    os.chown(path, 0, group)


def firmware_and_disks(sys, spec, numbers):
    """A /sys that knows this machine's name and disks, as on Nitro, and of the real one the rest."""
    mount("sys", sys, "tmpfs", "mode=755")
    for name in ("devices/system", "fs", "kernel", "module"):
        mount("/sys/" + name, os.path.join(sys, name), flags=MS_BIND)
    write(os.path.join(sys, "class/dmi/id/board_asset_tag"), spec["instance"] + "\n")
    for name in ("class/block", "dev/block"):
        os.makedirs(os.path.join(sys, name))
    root = {"serial": "vol" + spec["instance"].replace("i-", ""), "mib": 8192}
    disk(sys, "nvme0n1", "259:0", root)
    write(os.path.join(sys, "block/nvme0n1/nvme0n1p1/partition"), "1\n")
    block_device(sys, "nvme0n1/nvme0n1p1", "259:1", root["mib"] - 1)
    for i, (second, number) in enumerate(zip(spec["disks"], numbers), start=1):
        disk(sys, f"nvme{i}n1", f"7:{number}", second)


def disk(sys, name, number, its):
    block_device(sys, name, number, its["mib"])
    write(os.path.join(sys, "block", name, "device/model"), "Amazon Elastic Block Store\n")
    write(os.path.join(sys, "block", name, "device/serial"), its["serial"] + "\n")
    write(os.path.join(sys, "block", name, "queue/rotational"), "0\n")


def block_device(sys, path, number, mib):
    folder = os.path.join(sys, "block", path)
    values = {"dev": number, "size": mib * 2048, "start": 2048, "ro": 0, "removable": 0}
    if path.count("/") == 0:
        del values["start"]
    for name, value in values.items():
        write(os.path.join(folder, name), f"{value}\n")
    os.symlink("../../block/" + path, os.path.join(sys, "dev/block", number))
    os.symlink("../../block/" + path, os.path.join(sys, "class/block", os.path.basename(path)))


def debian(folder, address):
    """The layers, or the one, of Debian's image."""
    base = os.path.join(folder, "base")
    mount("base", base, "tmpfs", "mode=755")
    base_layer(base, address)
    if root_is_overlay():  # as in a container; then there cannot be two more of them
        return [base, "/"]
    # Layers may not lie within one another, and those of images do in /.
    both = os.path.join(folder, "debian")
    mount("debian", both, "overlay", f"lowerdir={base}:/")
    return [both]


def root_is_overlay():
    with open("/proc/mounts", encoding="ascii") as mounts:
        kinds = [kind for _, place, kind, *_ in map(str.split, mounts) if place == "/"]
    return kinds[-1] == "overlay"


def own_layer(folder, mib):
    """What the machine writes goes there: into memory, half of it at most, if mib is 0."""
    own = os.path.join(folder, "own")
    mount("own", own, "tmpfs", "mode=755,size=" + (f"{mib}m" if mib else "50%"))
    for name in ("upper", "work"):
        os.makedirs(os.path.join(own, name))
        os.chmod(os.path.join(own, name), 0o755)
    return own


def enter(folder, spec, address, numbers):
    """Makes the machine's system, and makes it the root of this process."""
    check(LIBC.unshare(CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC), "unshare")
    mount("none", "/", flags=MS_REC | MS_PRIVATE)
    root = os.path.join(folder, "root")
    layers = [*spec["layers"], *debian(folder, address)]
    own = own_layer(folder, spec["ownMib"])
    mount(
        "overlay",
        root,
        "overlay",
        f"lowerdir={':'.join(layers)},upperdir={own}/upper,workdir={own}/work"
        ",redirect_dir=on,volatile",
    )
    os.dup2(os.open(os.path.join(own, "upper"), os.O_RDONLY), OWN_LAYER, inheritable=False)
    for path in spec["without"]:
        if os.path.isdir(root + path) and not os.path.islink(root + path):
            shutil.rmtree(root + path)
        else:
            os.remove(root + path)
    devices(os.path.join(root, "dev"), spec["disks"], numbers)
    firmware_and_disks(os.path.join(root, "sys"), spec, numbers)
    mount("proc", os.path.join(root, "proc"), "proc")
    mount("run", os.path.join(root, "run"), "tmpfs", "mode=755")
    for target, source in spec["binds"].items():
        mount(source, root + target, flags=MS_BIND)
        mount(source, root + target, flags=MS_BIND | MS_REMOUNT | MS_RDONLY)
    os.chdir(root)
    check(LIBC.syscall(SYS_PIVOT_ROOT, b".", b"."), "pivot_root")
    check(LIBC.umount2(b".", MNT_DETACH), "umount")
    os.chdir("/")
    name = open("/etc/hostname", encoding="utf-8").read().strip().encode()
    check(LIBC.sethostname(name, len(name)), "sethostname")
