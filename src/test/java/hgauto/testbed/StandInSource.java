package hgauto.testbed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A small repository that a Try Server can test in no time: one public changeset, whose {@code
 * tests/run-tests.py} stands in for Mercurial's. It prints its arguments as JSON, and of its flags
 * {@code --fail=TEST} makes a test fail, {@code --begin=TEST} begins one that does not end, {@code
 * --do=CODE} runs Python code, and {@code --exit=N} ends it with that code.
 */
public final class StandInSource {
  private static final String RUN_TESTS =
      """
      import json, os, subprocess, sys, time
      flags = sys.argv[1:]
      def values(name):
          return [f.partition('=')[2] for f in flags if f.startswith('--' + name + '=')]
      print('argv: ' + json.dumps(flags), flush=True)
      report, failed = values('xunit')[0], values('fail')
      with open(report, 'w') as f:
          f.write('<?xml version="1.0" encoding="utf-8"?><testsuite><testcase name="test-good.t"'
                  ' time="0.1"/>')
          for test in failed:
              f.write('<testcase name="%s" time="0.2"><failure message="output changed"'
                      ' type="output-mismatch"><![CDATA[-old\\n+new\\n]]></failure></testcase>' % test)
          f.write('</testsuite>')
      class TestResult:
          def startTest(self, test): pass
          addSuccess = stopTest = startTest
          def addFailure(self, test, reason): pass
      class Test:
          def __init__(self, name): self.name = name
      result = TestResult()
      if 'CUSTOM_TEST_RESULT' in os.environ:
          result = __import__(os.environ['CUSTOM_TEST_RESULT']).TestResult()
      for test in [Test('test-good.t')] + [Test(name) for name in failed]:
          result.startTest(test)
          if test.name in failed:
              result.addFailure(test, 'output changed')
          else:
              result.addSuccess(test)
          result.stopTest(test)
      for test in values('begin'):
          result.startTest(Test(test))
      for code in values('do'):
          exec(code)
      sys.exit(int((values('exit') or [bool(failed)])[0]))
      """;

  private StandInSource() {}

  /** Makes the repository in a new folder. */
  public static HgRepository create(Path root) throws IOException {
    Files.createDirectories(root);
    HgRepository made = HgRepository.create(root);
    made.write("tests/run-tests.py", RUN_TESTS).commit("base");
    made.hg("phase", "--public", "--rev=.");
    return made;
  }

  /** The flag that makes a run last until it is ended, with the marker in its command lines. */
  public static String lasting(String marker) {
    return "--do=subprocess.run([sys.executable, '-c', 'import time; time.sleep(1000)', '"
        + marker
        + "'])";
  }
}
