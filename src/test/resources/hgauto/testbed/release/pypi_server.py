"""Serves a folder as an index of packages, by pypiserver, on a free port of 127.0.0.1.

Usage: pypi_server.py FOLDER PASSWORDS USER PASSWORD

Uploads need the password; PASSWORDS is a file for it. Prints the port, and ends with its input.
"""

import os
import pathlib
import socketserver
import sys
import threading
import wsgiref.simple_server

import passlib.apache
import pypiserver

folder, passwords, user, password = sys.argv[1:]
known = passlib.apache.HtpasswdFile(passwords, new=True, default_scheme="sha256_crypt")
known.set_password(user, password)
known.save()
app = pypiserver.app(
    roots=[pathlib.Path(folder)],
    password_file=passwords,
    disable_fallback=True,
    backend_arg="simple-dir",
)


class Server(socketserver.ThreadingMixIn, wsgiref.simple_server.WSGIServer):
    daemon_threads = True


server = wsgiref.simple_server.make_server("127.0.0.1", 0, app, server_class=Server)
print(server.server_port, flush=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
sys.stdin.read()
os._exit(0)
