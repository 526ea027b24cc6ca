"""A stand-in for AWS that is far away: moto behind a proxy that delays every call and counts it."""
import http.client
import http.server
import subprocess
import threading
import time
import urllib.parse
import urllib.request

DELAY = 0.050

# Port 0: whichever is free. It ends when its standard input does, so with this process.
MOTO = """
import sys
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
sys.stdin.read()
"""


class Cloud:
    """One account. `calls` is what has come since `forget`: name, begin and end of moto's part."""

    def __init__(self, python, environment):
        environment = dict(environment, MOTO_IAM_LOAD_MANAGED_POLICIES="true")
        self.moto = subprocess.Popen([python, "-c", MOTO], env=environment, text=True, stdin=subprocess.PIPE,
                                     stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.moto_port = int(self.moto.stdout.readline())
        self.calls = []
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), type("Proxy", (Proxy,), {"cloud": self}))
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def endpoint(self):
        return f"http://127.0.0.1:{self.server.server_port}"

    @property
    def without_delay(self):
        return f"http://127.0.0.1:{self.moto_port}"

    def reset(self):
        """An empty account. Moto reads AWS's own things when a service is first used: it does so now."""
        self.post("/moto-api/reset")
        self.post("/", b"Action=ListRoles&Version=2010-05-08", "us-east-1/iam")
        self.post("/", b"Action=DescribeVpcs&Version=2016-11-15", "us-west-2/ec2")

    def post(self, path, body=b"", scope=""):
        """Moto goes by the scope that a request is signed for, and does not look at the signature."""
        signed = {"Authorization": f"AWS4-HMAC-SHA256 Credential=bench/20260101/{scope}/aws4_request"}
        urllib.request.urlopen(urllib.request.Request(self.without_delay + path, body, signed)).close()

    def forget(self):
        self.calls.clear()

    def asked(self):
        """How many calls, but for who am I, and for the looks at instances after they were told to end."""
        names = [name for name, _, _ in sorted(self.calls, key=lambda call: call[1])]
        told = names.index("TerminateInstances") if "TerminateInstances" in names else len(names)
        return sum(name != "GetCallerIdentity" and not (name == "DescribeInstances" and place > told)
                   for place, name in enumerate(names))

    def changes(self):
        """How many calls that do not only look."""
        return sum(not name.startswith(("Describe", "Get", "List")) for name, _, _ in self.calls)

    def busy(self):
        """The seconds during which moto was at work on at least one call."""
        total, until = 0.0, 0.0
        for _, begin, end in sorted(self.calls, key=lambda call: call[1]):
            total += max(0.0, end - max(begin, until))
            until = max(until, end)
        return total

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.moto.stdin.close()
        self.moto.wait(timeout=30)


class Proxy(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    cloud = None

    def setup(self):
        super().setup()
        self.connection.setsockopt(6, 1, 1)  # TCP_NODELAY: head and body are written apart
        self.behind = http.client.HTTPConnection("127.0.0.1", self.cloud.moto_port)

    def finish(self):
        self.behind.close()
        super().finish()

    def do_POST(self):
        time.sleep(DELAY)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        begin = time.perf_counter()
        self.behind.request("POST", self.path, body, dict(self.headers))
        answer = self.behind.getresponse()
        content = answer.read()
        self.cloud.calls.append((self.name(body), begin, time.perf_counter()))
        self.send_response(answer.status)
        for header, value in answer.getheaders():
            if header.lower() not in ("connection", "transfer-encoding", "content-length", "server", "date"):
                self.send_header(header, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def name(self, body):
        target = self.headers.get("X-Amz-Target")
        if target:
            return target.rpartition(".")[2]
        return urllib.parse.parse_qs(body.decode()).get("Action", ["?"])[0]

    def log_message(self, *arguments):
        pass
