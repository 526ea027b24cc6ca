"""Tells hgauto of each test of run-tests.py as it begins and as it ends.

run-tests.py imports this module by the name in CUSTOM_TEST_RESULT. Both are lines on the file
descriptor HGAUTO_EVENTS_FD or, on Windows, which hands none down, at the end of the file
HGAUTO_EVENTS_FILE. They have tabs in them. A test that begins: its name and "begun". One that
ends: its name, "ok", "failed", "skipped" or "ignored", and how many seconds it took. One that is
left out ends without having begun.
"""

import os
import sys
import threading
import time

# Among Mercurial's tests is one that runs run-tests.py, and its tests are nobody's business.
del os.environ["CUSTOM_TEST_RESULT"]
if "HGAUTO_EVENTS_FILE" in os.environ:
    binary = getattr(os, "O_BINARY", 0)  # else each end of line becomes two characters
    EVENTS = os.open(os.environ.pop("HGAUTO_EVENTS_FILE"), os.O_WRONLY | os.O_APPEND | binary)
else:
    EVENTS = int(os.environ.pop("HGAUTO_EVENTS_FD"))
    os.set_inheritable(EVENTS, False)
HERE = os.path.dirname(os.path.abspath(__file__))
os.environ["PYTHONPATH"] = os.pathsep.join(
    folder for folder in os.environ.get("PYTHONPATH", "").split(os.pathsep) if folder != HERE
)

WRITING = threading.Lock()


def tell(test, *words):
    line = "\t".join((test.name,) + words) + "\n"
    try:
        with WRITING:
            os.write(EVENTS, line.encode("utf-8", "surrogateescape"))
    except OSError:
        pass  # the verdict is in the reports as well


class TestResult(sys.modules["__main__"].TestResult):
    """run-tests.py's own, in whose threads the tests end."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # By id: to unittest all tests of a class are equal.
        self.__begun = {}
        self.__results = {}

    def __note(self, test, result):
        if id(test) in self.__begun:
            self.__results[id(test)] = result
        else:  # it is left out before it begins
            tell(test, result, "0.000")

    def startTest(self, test):
        self.__begun[id(test)] = time.monotonic()
        tell(test, "begun")
        super().startTest(test)

    def addSuccess(self, test):
        self.__results.setdefault(id(test), "ok")  # an accepted failure comes here, too
        super().addSuccess(test)

    def addFailure(self, test, reason):
        self.__note(test, "failed")
        return super().addFailure(test, reason)

    def addError(self, test, err):
        self.__note(test, "failed")
        super().addError(test, err)

    def addSkip(self, test, reason):
        self.__note(test, "skipped")
        super().addSkip(test, reason)

    def addIgnore(self, test, reason):
        self.__note(test, "ignored")
        super().addIgnore(test, reason)

    def stopTest(self, test, *args, **kwargs):
        super().stopTest(test, *args, **kwargs)
        seconds = time.monotonic() - self.__begun.pop(id(test))
        tell(test, self.__results.pop(id(test), "failed"), "%.3f" % seconds)
