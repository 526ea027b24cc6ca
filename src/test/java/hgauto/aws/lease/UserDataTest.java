package hgauto.aws.lease;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import hgauto.testbed.Requires;
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

  /** Runs what cloud-init runs at a boot, with stand-ins for what it calls. */
  private Result boot(Instant expires) throws Exception {
    for (String name : List.of("poweroff", "systemd-run")) {
      Path standIn = folder.resolve(name);
      Files.writeString(standIn, "#!/bin/sh\necho " + name + " \"$@\"\n");
      assertThat(standIn.toFile().setExecutable(true)).isTrue();
    }
    JsonArray commands = config(new LinuxUserData().until(expires)).getAsJsonArray("bootcmd");
    assertThat(commands).hasSize(1);
    List<String> argv = new ArrayList<>();
    commands.get(0).getAsJsonArray().forEach(word -> argv.add(word.getAsString()));
    return run(argv, "", folder + ":/usr/bin:/bin");
  }

  @Test
  void atABootBeforeItsExpiryALinuxMachineSetsATimer() throws Exception {
    Instant expires = Instant.now().plus(Duration.ofHours(4));
    Result result = boot(expires);
    Matcher said =
        Pattern.compile(
                "systemd-run --no-block --unit=end-at-expiry-(\\d+) --on-active=(\\d+)s poweroff\n")
            .matcher(result.out());
    assertThat(said.matches()).as(result.out()).isTrue();
    assertThat(said.group(1)).isEqualTo(Long.toString(expires.getEpochSecond()));
    assertThat(Long.parseLong(said.group(2)))
        .isBetween(Duration.ofHours(4).toSeconds() - 60, Duration.ofHours(4).toSeconds());
    assertThat(result.exitCode()).isZero();
  }

  @Test
  void atABootAfterItsExpiryItPowersOffAtOnce() throws Exception {
    assertThat(boot(Instant.now().minusSeconds(1))).isEqualTo(new Result(0, "poweroff\n"));
    assertThat(boot(EXPIRES.minus(Duration.ofDays(3000))).out()).isEqualTo("poweroff\n");
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
  void whatWindowsRunsIsPowerShell() throws Exception {
    String userData = new WindowsUserData().until(EXPIRES);
    String script = userData.replaceAll("(?s)<powershell>(.*)</powershell>.*", "$1");
    Result parsed = parse(script);
    assertThat(parsed.exitCode()).as(parsed.out()).isZero();
    assertThat(parse(script.replaceFirst("\\{", "")).exitCode()).isEqualTo(1);
  }

  private Result parse(String script) throws Exception {
    return run(
        List.of(Requires.env("HGAUTO_TESTBED_PYTHON"), parser().toString()),
        script,
        "/usr/bin:/bin");
  }

  private Path parser() throws IOException {
    try (var in = UserDataTest.class.getResourceAsStream("parse-powershell.py")) {
      return Files.write(folder.resolve("parse-powershell.py"), in.readAllBytes());
    }
  }
}
