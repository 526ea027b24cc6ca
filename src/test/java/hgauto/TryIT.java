package hgauto;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import hgauto.testbed.HgRepository;
import hgauto.testbed.HgautoProgram;
import hgauto.testbed.HgautoProgram.Result;
import hgauto.testbed.Processes;
import hgauto.testbed.StandInSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code hgauto try} as a person runs it: on the embedded server. */
@Timeout(600)
class TryIT {
  @TempDir private Path temp;
  private HgautoProgram hgauto;
  private HgRepository source;

  @BeforeEach
  void setUp() throws IOException {
    hgauto = new HgautoProgram(Files.createDirectory(temp.resolve("hgauto")));
    source = StandInSource.create(temp.resolve("source"));
    source.write("file", "draft\n").commit("the draft");
  }

  private Result tryIt(String... arguments) throws Exception {
    String[] all = new String[arguments.length + 1];
    all[0] = "try";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return hgauto.run(source.root(), all);
  }

  @Test
  void aChangesetIsTestedAndTheVerdictTold() throws Exception {
    Result result = tryIt();
    assertThat(result.out())
        .startsWith("resolved revision:\nnode: " + source.node(".") + "\nbranch: default\n")
        .contains("desc: the draft\n", "argv: [\"--xunit=")
        .containsPattern("verdict: PASSED: 1 passed \\(changeset [0-9a-f]{12}, .*\\)\n")
        .containsPattern("results: file:///.*/try/runs/1/index.html\n$");
    assertThat(result.err()).contains("there are no AWS credentials, so the tests run on this");
    assertThat(result.exitCode()).isZero();
    assertThat(hgauto.temporaryFiles()).isEmptyDirectory();

    Result failed = tryIt("--rev", "public()", "--", "--fail=test-bad.t", "--exit=80");
    assertThat(failed.out())
        .contains("verdict: FAILED: 1 failed, 1 passed", "  failed: test-bad.t\n", "runs/2/");
    assertThat(failed.exitCode()).isEqualTo(80);
  }

  @Test
  void aRepositoryOfDraftsAloneIsTestedToo() throws Exception {
    source.hg("phase", "--draft", "--force", "--rev=all()");
    assertThat(tryIt().out()).contains("verdict: PASSED");
  }

  @Test
  void aUsersHooksDoNotRunInTheServersClone() throws Exception {
    Path hgrc = Files.writeString(temp.resolve("hgrc"), "[hooks]\npretxnchangegroup = false\n");
    hgauto.with("HGRCPATH", hgrc.toString());
    assertThat(tryIt().out()).contains("verdict: PASSED");
    source.hg("phase", "--public", ".");
    source
        .write("file", "next\n")
        .commit("another draft"); // the clone has to be brought up to date
    assertThat(tryIt().out()).contains("verdict: PASSED");
  }

  @Test
  void brokenAwsSettingsAreNoNewsOnTheEmbeddedServer() throws Exception {
    hgauto.with("AWS_MAX_ATTEMPTS", "abc");
    Result result = tryIt("--server", "embedded");
    assertThat(result.err()).doesNotContain("Exception");
  }

  @Test
  void aResultThatCannotBeWrittenIsNoSuccess() throws Exception {
    Result result =
        hgauto
            .startOther(
                source.root(),
                "sh",
                List.of("-c", Path.of("target/hgauto").toAbsolutePath() + " --help >/dev/full"))
            .end();
    assertThat(result.err()).contains("the result could not be written");
    assertThat(result.exitCode()).isEqualTo(3);
  }

  @Test
  void uncommittedChangesAreNamedUpToFive() throws Exception {
    for (int i = 0; i < 7; i++) {
      source.write("f" + i, "");
    }
    source.write("unknown", "");
    source.hg("add", "f0", "f1", "f2", "f3", "f4", "f5", "f6");
    assertThat(tryIt().err())
        .contains(
            "warning: uncommitted changes are not submitted: f0, f1, f2, f3, f4 and 2 more\n");
  }

  @Test
  void jsonIsOneDocumentAndNothingElse() throws Exception {
    Result result = tryIt("--json", "--", "--fail=test-bad.t");
    JsonObject json = JsonParser.parseString(result.out()).getAsJsonObject();
    assertThat(json.getAsJsonObject("run").get("status").getAsString()).isEqualTo("failed");
    assertThat(json.get("failedTests").getAsJsonArray()).hasToString("[\"test-bad.t\"]");
    assertThat(json.get("node").getAsString()).isEqualTo(source.node("."));
    assertThat(result.err()).contains("verdict: FAILED");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(tryIt("--json", "--rev", "none()").out()).isEmpty();
  }

  /** Written by a shell, since Java cannot name files whose bytes are not UTF-8. */
  private static final String HOSTILE =
      """
      export HGENCODING=latin-1
      cafe=$(printf 'caf\\351')
      printf 'x' > "$cafe"; printf x > 'a $(touch x) "<script>" file'
      printf '%s <script>alert(1)</script> "quoted" $(touch x)\\n\\nmore: \\033[31mred\\n' \
          "$cafe" > ../message
      hg branch -q "br $cafe"
      hg --config ui.username="$cafe <script> <eve@example.org>" commit -qAl ../message
      printf changed > "$cafe"
      """;

  @Test
  void namesAndMessagesOfAllKindsAreShownAndNeverActedOn() throws Exception {
    Result made = hgauto.startOther(source.root(), "sh", List.of("-ec", HOSTILE)).end();
    assertThat(made.exitCode()).as(made.err()).isZero();
    Result result = tryIt();
    assertThat(result.out())
        .contains("branch: br café\n", "user: café <script> <eve@example.org>\n")
        .contains("desc: café <script>alert(1)</script> \"quoted\" $(touch x)\n")
        .contains("verdict: PASSED")
        .doesNotContain("\033");
    assertThat(result.err()).contains("uncommitted changes are not submitted: caf");
    String page = Files.readString(hgauto.state().resolve("try/runs/1/index.html"));
    assertThat(page).contains("café &lt;script").doesNotContain("<script>alert");
    assertThat(source.root().resolve("x")).doesNotExist();
  }

  @Test
  void aMessageOfAMegabyteIsSubmitted() throws Exception {
    Path message = Files.writeString(temp.resolve("message"), "long " + "é\n".repeat(350_000));
    source.write("file", "2").hg("commit", "--logfile=" + message);
    assertThat(tryIt().out()).contains("desc: long é\n", "verdict: PASSED");
  }

  @Test
  void aBundleOf50MegabytesGoesToTheEmbeddedServerAndNotToLambda() throws Exception {
    byte[] noise = new byte[50 << 20];
    new Random(3).nextBytes(noise);
    Files.write(source.root().resolve("noise"), noise);
    source.commit("50 MB");
    assertThat(tryIt().out()).contains("verdict: PASSED");
    hgauto.with("AWS_ACCESS_KEY_ID", "x").with("AWS_SECRET_ACCESS_KEY", "y");
    Result lambda = tryIt();
    assertThat(lambda.err())
        .contains("submitting to Lambda function ci-try-server-upload in region us-west-2")
        .contains(
            "bytes, and Lambda takes 6,291,456 at most; nothing was sent", "--server embedded");
    assertThat(lambda.exitCode()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource({"INT, 130", "TERM, 143"})
  void anInterruptEndsTheRunTheTestsAndTheServer(String signal, int code) throws Exception {
    String marker = "marker-" + UUID.randomUUID();
    try (HgautoProgram.Running running =
        hgauto.start(source.root(), "try", "--", StandInSource.lasting(marker))) {
      Processes.awaitStart("time.sleep(1000) " + marker);
      Result result = running.signal(signal).end();
      assertThat(result.exitCode()).isEqualTo(code);
      assertThat(result.err())
          .endsWith("interrupted: ending the tests and the embedded Try Server\n");
    }
    assertThat(Processes.with(marker)).isEmpty();
    assertThat(hgauto.temporaryFiles()).isEmptyDirectory();
    assertThat(hgauto.state().resolve("try/runs/1/run.json"))
        .content(StandardCharsets.UTF_8)
        .contains("\"interrupted\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bundle", "clone"})
  void anInterruptWhileMercurialWorksLeavesNothing(String command) throws Exception {
    String marker = "marker-" + UUID.randomUUID();
    Path asked = temp.resolve("asked");
    Path slow = temp.resolve("slow-hg");
    Files.writeString(
        slow,
        """
        #!/bin/sh
        [ "$1" = %s ] || exec hg "$@"
        for last; do :; done
        mkdir -p "$(dirname "$last")" && echo "$last" > '%s'
        exec python3 -c 'import time; time.sleep(1000)' %s
        """
            .formatted(command, asked, marker));
    assertThat(slow.toFile().setExecutable(true)).isTrue();
    try (HgautoProgram.Running running =
        hgauto.start(source.root(), "try", "--hg", slow.toString())) {
      Processes.awaitStart("time.sleep(1000) " + marker);
      assertThat(running.signal("INT").end().exitCode()).isEqualTo(130);
    }
    assertThat(Processes.with(marker)).isEmpty();
    if (command.equals("bundle")) {
      assertThat(Path.of(Files.readString(asked).strip()).getParent()).doesNotExist();
    }
  }
}
