package hgauto;

import static org.assertj.core.api.Assertions.assertThat;

import hgauto.release.Artifact;
import hgauto.testbed.HgautoProgram.Result;
import hgauto.testbed.HgautoProgram.Running;
import hgauto.testbed.aws.AwsProxy;
import hgauto.testbed.windows.PackageFault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The commands that build packages, in an account whose instances stand in for Windows machines. No
 * Windows runs here: packages are made up.
 */
@Timeout(600)
class BuildWindowsPackagesIT extends WindowsBuildScene {
  /** A row of the table of calls in docs/windows-machines.md. */
  private static final Pattern CALL = Pattern.compile("\\| `(\\w+:\\w+)` \\| (.*?) \\|.*");

  private static final String WHEEL = "mercurial-7.2-cp314-cp314-win_amd64.whl";

  @Test
  void allPackagesComeToDistAndASecondRunAsksAwsNothing() throws Exception {
    Result result = run("build-all-windows-packages", "--instances", "4");
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.err()).contains("22 packages on 4 machines, m6i.large: about ");
    assertThat(result.out()).contains("version 7.2: 22 built, 0 there, 0 failed, in ");
    assertThat(manifest().node()).isEqualTo(source.node("."));
    assertThat(manifest().artifacts()).hasSize(22).extracting(Artifact::size).containsOnly(12_000L);
    assertThat(filesInDist()).hasSize(23);
    assertNothingIsLeft();

    aws.forgetCalls();
    Result second = run("build-all-windows-packages");
    assertThat(second.exitCode()).as(second.err()).isZero();
    assertThat(second.out()).contains("version 7.2: 0 built, 22 there, 0 failed, in ");
    assertThat(aws.calls()).isEmpty();
  }

  @Test
  void ofAnOldReleaseThereAreThePackagesOfItsTime() throws Exception {
    source.hg("tag", "--local", "5.8");
    Result result =
        hgauto.run(
            source.root(),
            "build-all-windows-packages",
            "--instances",
            "2",
            "--ssh-from",
            "127.0.0.0/8");
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(filesInDist())
        .hasSize(17)
        .contains("mercurial-5.8-cp27-cp27m-win32.whl", "Mercurial-5.8-x64-python2.exe");
    assertNothingIsLeft();
  }

  @Test
  void aRunWithAFailureIsCompletedByAnother() throws Exception {
    String[] two = {"--python-version", "3.14", "--arch", "x86", "x64"};
    aws.windows().breakBuild(WHEEL, PackageFault.FAILS);
    Result result = run("build-windows-wheel", two);
    assertThat(result.exitCode()).as(result.err()).isEqualTo(1);
    assertThat(result.out())
        .contains(WHEEL + ": failed", "error: the stand-in was told to fail")
        .contains("1 built, 0 there, 1 failed");
    assertThat(manifest().artifacts()).hasSize(1);

    aws.windows().mendBuilds();
    Result second = run("build-windows-wheel", two);
    assertThat(second.exitCode()).as(second.err()).isZero();
    assertThat(second.out()).contains("1 built, 1 there, 0 failed");
    assertThat(manifest().artifacts()).hasSize(2);
    assertNothingIsLeft();
  }

  @ParameterizedTest
  @CsvSource({
    "MAKES_NOTHING, 'it ended well, but there is none'",
    "MAKES_TWO, 'there are '",
    "OTHER_VERSION, 'there is mercurial-0.0-cp314-cp314-win_amd64.whl, 12000 bytes'"
  })
  void aBuildThatMakesSomethingElseHasFailed(PackageFault fault, String why) throws Exception {
    aws.windows().breakBuild(WHEEL, fault);
    Result result = run("build-windows-wheel");
    assertThat(result.exitCode()).as(result.err()).isEqualTo(1);
    assertThat(result.out()).contains("the build of " + WHEEL + " has ", why, "Look into its log");
    assertThat(filesInDist()).isEmpty();
    assertNothingIsLeft();
  }

  @Test
  void whatABuildPrintsIsKeptWithTheAccountThatItRanUnder() throws Exception {
    Result result = run("build-inno");
    assertThat(result.exitCode()).as(result.err()).isZero();
    Path log = Path.of(manifest().artifacts().get(0).log());
    assertThat(log).content().contains("\\Administrator, profile C:\\Users\\Administrator");
    assertThat(log).content().contains("built Mercurial-7.2-x64.exe");
  }

  @Test
  void whatAMachineThatSomebodyEndedHasLeftIsBuiltByANewOne() throws Exception {
    aws.windows().buildsTake(Duration.ofMinutes(2));
    try (Running running = hgauto.start(source.root(), line("build-wix"))) {
      Awaitility.await()
          .atMost(Duration.ofMinutes(2))
          .until(() -> running.err().contains("mercurial-7.2-x64.msi: built on i-"));
      String id = instance();
      aws.clients().ec2(AwsProxy.REGION).terminateInstances(r -> r.instanceIds(id));
      aws.windows().buildsTake(Duration.ZERO); // before that it could be built on this one yet
      Result result = running.end();
      assertThat(result.exitCode()).as(result.err()).isZero();
      assertThat(result.err()).contains("a new machine is launched for what lost ones have left");
    }
    assertThat(manifest().artifacts()).hasSize(1);
    assertNothingIsLeft();
  }

  /**
   * In an account that has all that machines need. Some of the calls before the launch are made at
   * once.
   */
  @Test
  void theApiCallsOfABuildAreThoseThatTheDocsList() throws Exception {
    assertThat(run("build-windows-wheel").exitCode()).isZero();
    aws.forgetCalls();
    assertThat(run("build-windows-wheel", "--rebuild").exitCode()).isZero();
    List<String> made = new ArrayList<>(new LinkedHashSet<>(aws.requests()));
    int launch = made.indexOf(find(made, "ec2:RunInstances"));
    Collections.sort(made.subList(0, launch));
    assertThat(
            Files.readAllLines(Path.of("docs/windows-machines.md")).stream()
                .map(CALL::matcher)
                .filter(Matcher::matches)
                .map(row -> row.group(1) + ": " + row.group(2)))
        .containsExactlyElementsOf(made);
  }

  private static String find(List<String> requests, String action) {
    return requests.stream().filter(it -> it.startsWith(action + ":")).findFirst().orElseThrow();
  }

  @Test
  void noMachineIsLaunchedForAPackageThatThereIsNot() throws Exception {
    Result result = run("build-inno", "--arch", "arm64");
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .contains("error: there is no Inno Setup installer for Python 3 on arm64 of Mercurial 7.2");
    assertThat(instances()).isEmpty();
  }
}
