"""How fast hgauto starts, next to Python."""
import http.server
import os
import pathlib
import statistics
import subprocess
import tempfile
import textwrap
import threading

from benchmarks import program
from benchmarks.program import HGAUTO, ROOT, Program, first_run, in_turn

IMPORTS = "import boto3, botocore.exceptions, paramiko\n"
MAKE_CLIENT = IMPORTS + "boto3.Session(region_name='us-west-2').client('lambda')\n"

# The main job: look up the revision, bundle it, invoke, print.
TRY = IMPORTS + textwrap.dedent(
    """
    import base64, json, os, subprocess, tempfile
    environment = dict(os.environ, HGPLAIN='1', HGENCODING='utf-8')
    template = r'{node}\\0{branch}\\0{author}\\0{desc}'
    found = subprocess.check_output(['hg', 'log', '-r', '.', '-T', template], env=environment)
    node, branch, user, message = found.decode('utf-8').split('\\0')[:4]
    with tempfile.TemporaryDirectory() as folder:
        bundle = os.path.join(folder, 'bundle.hg')
        subprocess.check_call(['hg', 'bundle', '-q', '--type', 'gzip-v2', '--base', 'public()',
                               '-r', node, bundle], env=environment)
        with open(bundle, 'rb') as file:
            content = base64.b64encode(file.read()).decode('ascii')
    client = boto3.Session(region_name='us-west-2').client('lambda')
    answer = client.invoke(
        FunctionName='ci-try-server-upload',
        InvocationType='RequestResponse',
        Payload=json.dumps({'bundle': content, 'node': node, 'branch': branch, 'user': user,
                            'message': message}).encode('utf-8'))
    for line in json.load(answer['Payload']):
        print('remote: ' + line)
    """
)

# The same with what automation.py's AWSConnection makes before each command, try too.
AUTOMATION_TRY = TRY.replace(
    "client = ",
    "session = boto3.Session(region_name='us-west-2')\n"
    "session.client('ec2'), session.resource('ec2'), session.client('iam'), session.resource('iam')\n"
    "client = ")

# Answers what both sides ask of hg, at once, so that the API call is what is measured.
HG_STAND_IN = """#!/bin/sh
for last; do :; done
case $1 in
log) printf '%s\\0default\\0bench\\0draft\\0bench\\0' 0123456789012345678901234567890123456789 ;;
bundle) echo bundle >"$last" ;;
esac
"""


class Lambda(http.server.BaseHTTPRequestHandler):
    """Answers every invocation as the Try Server's Lambda function does."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        body = b'["accepted", "results will be mailed"]'
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


def hg(repository, *arguments):
    environment = dict(os.environ, HGPLAIN="1", HGRCPATH="")
    subprocess.check_call(["hg", *arguments], cwd=repository, env=environment)


def make_repository(folder):
    """A public changeset, and a draft one on it."""
    repository = os.path.join(folder, "repository")
    hg(folder, "init", repository)
    for phase in "public", "draft":
        pathlib.Path(repository, phase).write_text(phase + "\n")
        hg(repository, "commit", "-q", "-A", "-u", "bench", "-d", "0 0", "-m", phase)
        if phase == "public":
            hg(repository, "phase", "--public", ".")
    return repository


def first_runs(environment, folder, runs):
    """Runs without an archive; and seconds from the end of each until the archive is there."""
    first, waits = Program("first run", [HGAUTO, "--help"], environment), []
    for count in range(runs):
        home = pathlib.Path(folder, f"home-{count}")
        waits.append(first_run(first, home))
    return first, waits, home


def measure(runs, python, folder, endpoint):
    environment = program.environment(AWS_ENDPOINT_URL_LAMBDA=endpoint)
    repository = make_repository(folder)
    stand_in = pathlib.Path(folder, "bin", "hg")
    stand_in.parent.mkdir()
    stand_in.write_text(HG_STAND_IN)
    stand_in.chmod(0o755)
    without_hg = dict(environment, PATH=f"{stand_in.parent}:{environment['PATH']}")

    first, waits, home = first_runs(environment, folder, max(3, runs // 5))
    environment["HOME"] = without_hg["HOME"] = str(home)
    submit = [HGAUTO, "try", "--no-wait", "--server"]
    pairs = [
        ("help; Python: imports and one client", 0.45,
         Program("python client", [python, "-c", MAKE_CLIENT], environment),
         Program("hgauto --help", [HGAUTO, "--help"], environment)),
        ("one API call (hg answers at once)", 0.60,
         Program("python try", [python, "-c", TRY], without_hg, repository),
         Program("hgauto try", [*submit, endpoint], without_hg, repository)),
        ("the same; Python: with automation.py's clients", 0.60,
         Program("python automation", [python, "-c", AUTOMATION_TRY], without_hg, repository),
         Program("hgauto try", [*submit, endpoint], without_hg, repository)),
        ("the whole of try, with the real hg; Python: with automation.py's clients", None,
         Program("python automation", [python, "-c", AUTOMATION_TRY], environment, repository),
         Program("hgauto try", [*submit, endpoint], environment, repository)),
        ("the same by --server lambda, for which Java makes TLS ready and Python does not", None,
         Program("python automation", [python, "-c", AUTOMATION_TRY], environment, repository),
         Program("hgauto try", [*submit, "lambda"], environment, repository)),
    ]
    for _, _, baseline, ours in pairs:
        in_turn([baseline, ours], runs)
    report(runs, pairs, first, waits, next(home.glob(".hgautomation/cache/*.jsa")))


def report(runs, pairs, first, waits, archive):
    print(f"Medians of {runs} runs in turn, wall-clock seconds; peak memory in MiB; {os.cpu_count()} CPUs\n")
    print("| | seconds | from to | peak MiB | ratio | goal |")
    print("|---|---|---|---|---|---|")
    for what, goal, baseline, ours in pairs:
        ratio = statistics.median(ours.seconds) / statistics.median(baseline.seconds)
        verdict = f"at most {goal:.2f}: {'met' if ratio <= goal else 'not met'}" if goal else ""
        print(f"| {what}: Python | {baseline.row()} | 1 | |")
        print(f"| {what}: hgauto | {ours.row()} | {ratio:.2f} | {verdict} |")
    print(f"| very first run, no archive yet: hgauto --help | {first.row()} | | |")
    print(f"\nThe archive is there {statistics.median(waits):.1f} s after the first run"
          f" and takes {archive.stat().st_size / 2**20:.0f} MiB on disk.")


def bench(runs):
    subprocess.check_call([ROOT / "scripts" / "build"])
    python = subprocess.check_output([ROOT / "scripts" / "venv", "bench"], text=True).strip()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Lambda)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as folder:
        measure(runs, python, folder, f"http://127.0.0.1:{server.server_port}")
