"""Makes stand-ins for Inno Setup's installers: the headers that a program has, and more behind.

Usage: make_exe.py FOLDER VERSION BYTES ARCH...

ARCH is x86 or x64. BYTES are incompressible.
"""

import pathlib
import random
import struct
import sys

folder, version, size = pathlib.Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
PE, OPTIONAL = 0x80, 224
for arch in sys.argv[4:]:
    head = bytearray(512)
    struct.pack_into("<H", head, 0, 0x5A4D)
    struct.pack_into("<I", head, 0x3C, PE)
    struct.pack_into("<IHHIIIHH", head, PE, 0x4550, 0x14C, 0, 0, 0, 0, OPTIONAL, 0x102)
    struct.pack_into("<H", head, PE + 24, 0x10B)
    content = random.Random(arch).randbytes(size)
    (folder / f"Mercurial-{version}-{arch}.exe").write_bytes(bytes(head) + content)
