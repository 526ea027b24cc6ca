package hgauto.aws.lease;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import hgauto.testbed.Requires;
import hgauto.testbed.windows.PowerShellGrammar;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UserDataTest {
  private static final Instant EXPIRES = Instant.parse("2026-11-24T20:00:00Z");

  @TempDir private Path folder;

  /** What a program said, and how it ended. */
  private record Result(int exitCode, String out) {}

  private Result run(List<String> argv, String input, String path) throws Exception {
    Path in = Files.writeString(folder.resolve("in"), input);
    Path out = folder.resolve("out");
    ProcessBuilder builder =
        new ProcessBuilder(argv)
            .redirectErrorStream(true)
            .redirectInput(in.toFile())
            .redirectOutput(out.toFile());
    builder.environment().put("PATH", path);
    Process process = builder.start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Result(process.exitValue(), Files.readString(out));
  }

  private static JsonObject config(String userData) {
    assertThat(userData).startsWith("#cloud-config\n");
    return JsonParser.parseString(userData.substring(userData.indexOf('\n'))).getAsJsonObject();
  }

  private static final String MACHINE = "i-0123456789abcdef0";

  /** Runs it in a file system in the temporary folder, with stand-ins for what it calls. */
  private Result runOn(String machine, List<String> argv) throws Exception {
    for (String name : List.of("poweroff", "systemd-run")) {
      Path standIn = folder.resolve(name);
      Files.writeString(standIn, "#!/bin/sh\necho " + name + " \"$@\"\n");
      assertThat(standIn.toFile().setExecutable(true)).isTrue();
    }
    Path firmware = Files.createDirectories(folder.resolve("sys/class/dmi/id"));
    Files.writeString(
        firmware.resolve(machine.startsWith("i-") ? "board_asset_tag" : "product_uuid"),
        machine + "\n");
    return run(
        argv.stream()
            .map(word -> word.replaceAll("(?<![\\w.])/(sys|etc|usr/local)/", folder + "/$1/"))
            .toList(),
        "",
        folder + ":/usr/bin:/bin");
  }

  /** Runs what cloud-init runs at a boot where it gets the user data. */
  private List<Result> boot(Instant expires) throws Exception {
    return boot(MACHINE, expires);
  }

  private List<Result> boot(String machine, Instant expires) throws Exception {
    List<Result> results = new ArrayList<>();
    for (JsonElement command :
        config(new LinuxUserData().until(expires)).getAsJsonArray("bootcmd")) {
      List<String> argv = new ArrayList<>();
      command.getAsJsonArray().forEach(word -> argv.add(word.getAsString()));
      results.add(runOn(machine, argv));
    }
    return results;
  }

  private List<Path> units() throws IOException {
    try (var files = Files.list(folder.resolve("etc/systemd/system/multi-user.target.wants"))) {
      return files.toList();
    }
  }

  /** Runs what a unit runs. */
  private Result start(String machine, Path unit) throws Exception {
    String command =
        Files.readAllLines(unit).stream()
            .filter(line -> line.startsWith("ExecStart="))
            .findFirst()
            .orElseThrow();
    return runOn(machine, List.of(command.substring(command.indexOf('=') + 1).split(" ")));
  }

  private static void assertTimer(Result result, String unit, Duration left) {
    Matcher said =
        Pattern.compile("systemd-run --no-block --unit=(\\S+) --on-active=(\\d+)s poweroff\n")
            .matcher(result.out());
    assertThat(said.matches()).as(result.out()).isTrue();
    assertThat(said.group(1)).isEqualTo(unit);
    assertThat(Long.parseLong(said.group(2))).isBetween(left.toSeconds() - 60, left.toSeconds());
    assertThat(result.exitCode()).isZero();
  }

  @Test
  void atABootBeforeItsExpiryALinuxMachineSetsATimer() throws Exception {
    Instant expires = Instant.now().plus(Duration.ofHours(4));
    List<Result> results = boot(expires);
    assertThat(results).hasSize(2);
    assertTimer(results.get(0), "end-at-expiry-" + expires.getEpochSecond(), Duration.ofHours(4));
    assertThat(results.get(1)).isEqualTo(new Result(0, ""));
  }

  @Test
  void atABootAfterItsExpiryItPowersOffAtOnce() throws Exception {
    assertThat(boot(Instant.now().minusSeconds(1)).get(0)).isEqualTo(new Result(0, "poweroff\n"));
    assertThat(boot(EXPIRES.minus(Duration.ofDays(3000))).get(0).out()).isEqualTo("poweroff\n");
  }

  /** As once the metadata service is off. The second is not of Nitro. */
  @ParameterizedTest
  @ValueSource(strings = {MACHINE, "ec2e1916-9099-7caf-fd21-012345abcdef"})
  void atABootWithoutUserDataItDoesSoToo(String machine) throws Exception {
    Instant expires = Instant.now().plus(Duration.ofHours(4));
    boot(machine, expires);
    assertThat(units()).hasSize(1);
    for (int i = 0; i < 2; i++) {
      assertTimer(
          start(machine, units().get(0)),
          "end-at-expiry-" + expires.getEpochSecond() + "-" + machine,
          Duration.ofHours(4));
    }
    boot(machine, Instant.now().minusSeconds(1));
    assertThat(units()).hasSize(1);
    assertThat(start(machine, units().get(0))).isEqualTo(new Result(0, "poweroff\n"));
  }

  @Test
  void inAnImageOfItTheUnitDoesNothingButRemoveItself() throws Exception {
    boot(Instant.now().minusSeconds(1));
    Path old = units().get(0);
    String other = "i-0fedcba9876543210";
    boot(other, Instant.now().plus(Duration.ofHours(4))); // before the old unit is started
    assertThat(units()).hasSize(2);
    assertThat(start(other, old)).isEqualTo(new Result(0, ""));
    assertThat(units()).singleElement().asString().contains(other);
    try (var files = Files.walk(folder)) {
      assertThat(files).noneMatch(file -> file.toString().contains(MACHINE));
    }
    assertTimer(
        start(other, units().get(0)),
        Files.readString(units().get(0))
            .replaceAll("(?s).*(end-at-expiry)-i-\\S+ (\\d+) (\\S+)\n", "$1-$2-$3"),
        Duration.ofHours(4));
  }

  @Test
  void whereTheMachineHasNoNameNoUnitIsLeft() throws Exception {
    List<Result> results = boot("", Instant.now().plus(Duration.ofHours(4)));
    assertThat(results.get(0).out()).startsWith("systemd-run ");
    assertThat(results.get(1).exitCode()).isZero();
    assertThat(folder.resolve("etc")).doesNotExist();
  }

  @Test
  void cloudInitReadsItAsYaml() throws Exception {
    String python = Requires.env("HGAUTO_TESTBED_PYTHON");
    String userData =
        new LinuxUserData().with("disable_root", new JsonPrimitive(true)).until(EXPIRES);
    Result result =
        run(
            List.of(
                python,
                "-c",
                "import json, sys, yaml; print(json.dumps(yaml.safe_load(sys.stdin)))"),
            userData,
            "/usr/bin:/bin");
    assertThat(result.exitCode()).as(result.out()).isZero();
    JsonElement read = JsonParser.parseString(result.out());
    assertThat(read).isEqualTo(config(userData));
    assertThat(read.getAsJsonObject().get("disable_root").getAsBoolean()).isTrue();
  }

  @Test
  void bothAreSmallEnoughForEc2() {
    for (UserData userData : List.of(new LinuxUserData(), new WindowsUserData())) {
      assertThat(userData.until(EXPIRES).getBytes(StandardCharsets.UTF_8).length)
          .isLessThan(16_384 / 2);
    }
  }

  @Test
  void windowsRunsItAtEveryBootWithTheExpiryAsArgument() {
    assertThat(new WindowsUserData().until(EXPIRES))
        .startsWith("<powershell>\n& {\n")
        .endsWith("} " + EXPIRES.getEpochSecond() + "\n</powershell>\n<persist>true</persist>\n");
  }

  @Test
  void whatWindowsRunsIsPowerShell() {
    String userData = new WindowsUserData().until(EXPIRES);
    String script = userData.replaceAll("(?s)<powershell>(.*)</powershell>.*", "$1");
    assertThat(PowerShellGrammar.fault(script)).isEmpty();
    assertThat(PowerShellGrammar.fault(script.replaceFirst("\\{", ""))).isPresent();
  }
}
