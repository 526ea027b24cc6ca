"""Usage: python -I -c SCRIPT --repository NAME | --repository-url URL, by the Python that runs twine.

Says whether a package index knows the person whom twine would upload as: it is asked to take an upload
without a file. Indexes look at credentials first, and then refuse that: PyPI does (file_upload of
warehouse/forklift/legacy.py), and pypiserver. Twine's own code finds the credentials.

Prints a word, a tab and a reason: "known", "refused" by the index, "missing" credentials, "unreachable"
where there is no way to the index, or "unknown".
"""
import argparse
import sys

SECONDS = 60


def tell(word, reason=""):
    print(word, " ".join(str(reason).split()), sep="\t")
    sys.exit()


try:
    import requests
    import urllib3
    from twine import exceptions, settings
except ImportError as error:
    tell("unknown", error)

parser = argparse.ArgumentParser()
settings.Settings.register_argparse_arguments(parser)
try:
    upload = settings.Settings.from_argparse(parser.parse_args(["--non-interactive", *sys.argv[1:]]))
    upload.check_repository_url()
    index = upload.create_repository()
    answer = index.session.post(
        index.url, data={":action": "file_upload", "protocol_version": "1"}, allow_redirects=False, timeout=SECONDS)
except exceptions.NonInteractive as error:
    tell("missing", error)
except requests.ConnectionError as error:
    # A proxy's failure is one of these; where a connection was made, and broke, that does not tell.
    unconnected = error.args and isinstance(error.args[0], urllib3.exceptions.MaxRetryError)
    tell("unreachable" if unconnected else "unknown", f"{type(error).__name__}: {error}")
except (exceptions.TwineException, requests.RequestException) as error:
    tell("unknown", f"{type(error).__name__}: {error}")
said = f"HTTP status {answer.status_code} {answer.reason}"
if answer.status_code in (401, 403):
    tell("refused", said)
# What PyPI and pypiserver say of the missing file; of others it is not known what they look at first.
tell("known" if answer.status_code == 400 else "unknown", said)
