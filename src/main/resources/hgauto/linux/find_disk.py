"""Finds the disk that may be overwritten for /hgwork, in what lsblk prints.

usage: lsblk --json --bytes --output COLUMNS [DEVICE] | python3 -I find_disk.py [DEVICE]

Prints the path of DEVICE, or else of the one disk that nobody uses: no partition, no signature but
that of an earlier run, not mounted. Where there is not exactly one, or DEVICE is in use, it ends
with 1 and says why on standard error.
"""

import json
import sys

SMALLEST = 512 << 20  # below that are floppy drives, and there is no room for tests
LABEL = "hgwork"


def why_not(disk):
    """What is against overwriting it; empty if nothing is."""
    if disk.get("children"):
        return "has " + ", ".join(child["name"] for child in disk["children"])
    if disk.get("mountpoint"):
        return "is mounted at " + disk["mountpoint"]
    if disk.get("pttype"):
        return "has a partition table"
    if disk.get("fstype") and disk.get("label") != LABEL:
        return "holds " + disk["fstype"]
    if disk.get("ro"):
        return "is read-only"
    if int(disk["size"]) < SMALLEST:
        return "has only %s bytes" % disk["size"]
    return ""


def main():
    disks = json.load(sys.stdin)["blockdevices"]
    if len(sys.argv) == 1:
        disks = [disk for disk in disks if disk["type"] == "disk"]
    free = [disk["path"] for disk in disks if not why_not(disk)]
    if len(free) == 1:
        print((sys.argv[1:] or free)[0])
        return 0
    print("there are several unused disks" if free else "there is no unused disk", file=sys.stderr)
    for disk in disks:
        print("%s %s" % (disk["path"], why_not(disk) or "is unused"), file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
