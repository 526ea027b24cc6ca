"""Usage: python3 pypirc.py FILE: which package indexes twine knows by a .pypirc, which may not exist.

Prints a name, a tab and an address for each. It reads the file as twine.utils.get_config does. Nothing
of what is in the file is in an error, for there are passwords in it.
"""
import configparser
import sys

parser = configparser.RawConfigParser()
try:
    parser.read(sys.argv[1], encoding="utf-8")
except (configparser.Error, UnicodeDecodeError) as error:
    line = getattr(error, "lineno", None) or next((line for line, _ in getattr(error, "errors", [])), None)
    sys.exit("it is not as configparser wants it" + (f", in line {line}" if line else ""))

servers = parser.get("distutils", "index-servers", fallback="pypi testpypi").split()
known = {"pypi": "https://upload.pypi.org/legacy/"}
if "testpypi" in servers:
    known["testpypi"] = "https://test.pypi.org/legacy/"
for server in servers:
    if parser.has_option(server, "repository"):
        known[server] = " ".join(parser.get(server, "repository").split())
for server, address in known.items():
    print(server, address, sep="\t")
