"""Makes real wheels of a tiny package that is called mercurial.

Usage: make_wheels.py FOLDER VERSION BYTES TAGS...

Each of TAGS is such as cp39-cp39-win32. BYTES are incompressible, and in the package.
"""

import pathlib
import random
import subprocess
import sys
import tempfile

from wheel._commands.tags import tags as retag

PROJECT = """\
[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"

[project]
name = "mercurial"
version = "{version}"
description = "It has Mercurial's name, and nothing of it"
readme = "README.rst"
license = "GPL-2.0-or-later"

[tool.setuptools]
packages = ["mercurial"]
package-data = {{ mercurial = ["*.bin"] }}
"""

folder, version, size = pathlib.Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
with tempfile.TemporaryDirectory() as work:
    source = pathlib.Path(work, "source")
    (source / "mercurial").mkdir(parents=True)
    (source / "pyproject.toml").write_text(PROJECT.format(version=version))
    (source / "README.rst").write_text("Mercurial\n=========\n\nNot really.\n")
    (source / "mercurial" / "__init__.py").write_text("")
    content = random.Random(version).randbytes(size)
    (source / "mercurial" / "content.bin").write_bytes(content)
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "wheel"]
    options = ["--no-index", "--no-deps", "--no-build-isolation", "--wheel-dir", work]
    subprocess.run([*pip, *options, str(source)], check=True)
    (made,) = pathlib.Path(work).glob("*.whl")
    for name in sys.argv[4:]:
        python, abi, platform = name.split("-")
        retagged = pathlib.Path(work, retag(str(made), python, abi, platform))
        (folder / retagged.name).write_bytes(retagged.read_bytes())
