"""Runs run-tests.py in the current folder, and ends it when its time is over.

usage: run_tests.py FILE

FILE is JSON: "results", a folder for what run-tests.py writes; "events", a file that is there, for
what hgauto_test_result.py, which is beside this, tells of each test; "seconds", how long it may take;
"flags" for it. They are in a file, since a command line would go through MSYS, which takes some
arguments for paths, and is too short for the names of all tests.

At last a line is added to "events": "end" and run-tests.py's exit code, with a tab between, or
"crashed" and what Windows has ended it with, or "limit".
"""

import json
import os
import subprocess
import sys


def main(file):
    with open(file, encoding="utf-8") as settings:
        run = json.load(settings)
    results = run["results"]
    for former in ("report.xml", "report.json"):
        if os.path.exists(os.path.join(results, former)):
            os.remove(os.path.join(results, former))
    environment = dict(
        os.environ,
        PYTHONPATH=os.path.dirname(os.path.abspath(__file__)),
        CUSTOM_TEST_RESULT="hgauto_test_result",
        HGAUTO_EVENTS_FILE=run["events"],
    )
    environment.pop("PYTHONUNBUFFERED", None)  # it is for what runs here, and not for the tests
    command = [
        sys.executable,
        "-u",
        "run-tests.py",
        "--xunit=" + os.path.join(results, "report.xml"),
        "--json",
        "--outputdir=" + results,
    ]
    process = subprocess.Popen(command + run["flags"], env=environment)
    try:
        code = process.wait(run["seconds"])
    except subprocess.TimeoutExpired:
        subprocess.call(["taskkill.exe", "/F", "/T", "/PID", str(process.pid)])
        tell(run["events"], "limit")
        return 1
    if code not in range(256):  # on Windows what crashes ends with far larger ones
        tell(run["events"], "crashed\t%d" % code)
        return 1
    tell(run["events"], "end\t%d" % code)
    return code


def tell(events, line):
    with open(events, "ab") as file:
        file.write(line.encode() + b"\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
