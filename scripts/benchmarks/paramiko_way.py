"""Sends a file as automation.py does: paramiko's plain writes, each of which waits for its answer.

Usage: paramiko_way.py PORT KEY KNOWN_HOSTS FILE TARGET
Prints the seconds that it took after connecting.
"""
import getpass
import sys
import time

import paramiko

port, key, known_hosts, file, target = sys.argv[1:]
client = paramiko.SSHClient()
client.load_host_keys(known_hosts)
client.connect("127.0.0.1", int(port), username=getpass.getuser(), key_filename=key, allow_agent=False,
               look_for_keys=False)
sftp = client.open_sftp()
begin = time.perf_counter()
with sftp.open(target, "wb") as there, open(file, "rb") as here:
    while chunk := here.read(32768):
        there.write(chunk)
print(time.perf_counter() - begin)
