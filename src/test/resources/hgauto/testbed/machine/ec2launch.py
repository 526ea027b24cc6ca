"""The first boot of a machine that stands in for a Windows one, as far as one sees it from outside.

There is the account Administrator, drive C: as the folder /C:, and no SSH server yet. User data is
not run, since it is PowerShell; only that it would be is seen to.
"""

import glob
import os
import pwd
import re

import cloud_init

USER = "Administrator"
DRIVE = "/C:"

BASE_FILES = (
    DRIVE + "/Windows/System32/WindowsPowerShell/v1.0/powershell.exe",
    DRIVE + "/Program Files/Amazon/EC2Launch/EC2Launch.exe",
)

# As EC2Launch marks it. Sealing an image removes the mark.
USER_DATA_RAN = "/var/lib/ec2launch-user-data-ran"

USER_DATA = re.compile(r"<powershell>\n.*\n</powershell>\n<persist>true</persist>\n", re.DOTALL)


def run(spec):
    if not USER_DATA.fullmatch(spec["userData"]):
        raise ValueError("user data that EC2Launch would not run at every boot: " + spec["userData"])
    if os.path.exists(USER_DATA_RAN):
        raise RuntimeError("user data would not run, since the image was not sealed")
    os.close(os.open(USER_DATA_RAN, os.O_CREAT))
    if cloud_init.exists(USER):
        return
    for file in glob.glob("/etc/ssh/ssh_host_*key*"):
        os.remove(file)
    cloud_init.useradd(USER)
    user = pwd.getpwnam(USER)
    for folder in (DRIVE, DRIVE + "/Windows", DRIVE + "/Users"):
        os.mkdir(folder)
        os.chown(folder, user.pw_uid, user.pw_gid)
    # What of Amazon's images is looked for.
    for file in BASE_FILES:
        os.makedirs(os.path.dirname(file), exist_ok=True)
        os.close(os.open(file, os.O_CREAT))
    # Commands name files as c:/hgdev/hg.cmd, which is relative here; they run in the home folder.
    os.symlink(DRIVE, os.path.join(user.pw_dir, "c:"))
