"""Runs a program on a terminal of its own, before which a person sits.

Usage: on_terminal.py QUESTION ANSWER PROGRAM [ARGUMENT...]

The person types ANSWER when a line is seen that ends with QUESTION, and Ctrl-C at SIGUSR1. What is
seen goes to standard output. Ends with the program's exit code, which is 128 more than the number
of a signal.
"""

import fcntl
import os
import pty
import signal
import struct
import sys
import termios

ROWS, COLUMNS = 24, 80

# with the line's end, or the terminal's echo of ANSWER could come before it, on the same line
question = sys.argv[1].encode() + b"\r\n"
answer, program = sys.argv[2].encode(), sys.argv[3:]
size = struct.pack("HHHH", ROWS, COLUMNS, 0, 0)
child, terminal = pty.fork()
if child == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, size)
    os.execv(program[0], program)
signal.signal(signal.SIGUSR1, lambda *_: os.write(terminal, b"\x03"))
seen, asked = b"", False
while True:
    try:
        more = os.read(terminal, 65536)
    except OSError:  # nobody has it open any more
        break
    if not more:
        break
    sys.stdout.buffer.write(more)
    sys.stdout.buffer.flush()
    seen += more
    if not asked and question in seen:
        asked = True
        os.write(terminal, answer)
code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
sys.exit(code if code >= 0 else 128 - code)
