package hgauto.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import hgauto.aws.Owner;
import hgauto.aws.ensure.Cidr;
import hgauto.aws.lease.LaunchTerms;
import hgauto.error.UsageException;
import hgauto.linux.BootstrapFiles;
import hgauto.linux.Distro;
import hgauto.linux.Distros;
import hgauto.linux.Fingerprints;
import hgauto.machine.SshKey;
import hgauto.state.StateFolder;
import hgauto.testbed.Sleepless;
import hgauto.testbed.aws.FakeAccount;
import hgauto.testbed.aws.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.ec2.model.Tag;

/** On an account in memory, as far as that comes without machines. */
class BootstrapLinuxDevTest {
  private static final BootstrapFiles FILES = BootstrapFiles.known();
  private static final List<Distro> ALL = Distros.known().all();
  private static final SshKey KEY = SshKey.generate(); // it takes a second

  @TempDir private Path folder;
  private final FakeAccount aws = new FakeAccount();
  private final Spoken spoken = new Spoken();
  private StateFolder state;

  @BeforeEach
  void findState() {
    state = new StateFolder(folder);
    KEY.save(state.keys());
  }

  private int run(boolean json, List<Distro> distros, Optional<Integer> atOnce)
      throws InterruptedException {
    return run(json, distros, atOnce, Duration.ofHours(4));
  }

  private int run(boolean json, List<Distro> distros, Optional<Integer> atOnce, Duration lifetime)
      throws InterruptedException {
    LaunchTerms terms =
        new LaunchTerms(
            Set.of(Cidr.of("203.0.113.7").orElseThrow()), Optional.empty(), lifetime, false);
    return new BootstrapLinuxDev(
            spoken.console(json), aws.account(), state, new Sleepless().poll(), FILES)
        .run(new BootstrapLinuxDev.Request(distros, atOnce, terms));
  }

  private int run(Distro... distros) throws InterruptedException {
    return run(false, List.of(distros), Optional.empty());
  }

  private static Distro named(String name) {
    return Distros.known().named(name);
  }

  private String putImage(Distro distro) {
    return aws.contents()
        .putImage(
            distro.imageName() + "-0a1b2c3d",
            image ->
                image.tags(
                    Tag.builder().key(Owner.TAG).value("bob@desk").build(),
                    Tag.builder()
                        .key("HGIMAGEFINGERPRINT")
                        .value(Fingerprints.of(FILES, distro))
                        .build()));
  }

  private void publish(Distro distro) {
    String id = aws.contents().putImage("base-of-" + distro.name(), image -> {});
    aws.contents().putParameter(distro.series().parameters().get(0), id);
  }

  @Test
  void whatIsThereIsNotMadeAgain() throws InterruptedException {
    String id = putImage(named("debian12"));
    assertThat(run(named("debian12"))).isZero();
    assertThat(spoken.out())
        .isEqualTo("debian12: " + id + " (hg-linux-dev-debian12-0a1b2c3d) was there\n");
    assertThat(aws.actions()).doesNotContain("ec2:RunInstances", "ssm:GetParameters");
  }

  @Test
  void beforeAnythingIsMadeItSaysWhatAndForHowMuch() throws InterruptedException {
    putImage(named("debian12"));
    ALL.forEach(this::publish);
    aws.onCalls("ec2:RunInstances", 1, 9, Fault.FORBIDDEN);
    run(false, ALL, Optional.of(2));
    assertThat(spoken.err())
        .contains(
            """
            region us-west-2 (for the test)
              make image hg-linux-dev-debian13 on a t3.2xlarge with 20 GiB, which ends itself after 4 h 0 min
              make image hg-linux-dev-ubuntu22.04 on a t3.2xlarge with 20 GiB, which ends itself after 4 h 0 min
              make image hg-linux-dev-ubuntu24.04 on a t3.2xlarge with 20 GiB, which ends itself after 4 h 0 min
            2 at a time; estimate: 40 min, about $0.34 for machines
              import""");
  }

  @Test
  void machinesThatEndBeforeAnImageIsMadeAreRefusedBeforeAnythingIsMade() {
    putImage(named("debian12"));
    UsageException failure =
        catchThrowableOfType(
            UsageException.class, () -> run(false, ALL, Optional.empty(), Duration.ofMinutes(20)));
    assertThat(failure.why())
        .isEqualTo("that may take 20 min, and a machine ends itself after 20 min");
    assertThat(aws.actions()).containsOnly("sts:GetCallerIdentity", "ec2:DescribeImages");
  }

  @Test
  void allFailuresAreToldEachOfItsDistribution() throws InterruptedException {
    publish(named("debian12"));
    aws.onCalls("ec2:RunInstances", 1, 9, Fault.FORBIDDEN);
    assertThat(run(named("debian12"), named("debian13"))).isEqualTo(3);
    assertThat(spoken.out().lines().toList())
        .contains("debian12: failed after 0 s, about $0.00")
        .contains("debian13: failed after 0 s, about $0.00")
        .anyMatch(line -> line.contains("ec2:RunInstances"))
        .contains("  there is no image debian-13-amd64-* in us-west-2");
  }

  @Test
  void eachHasALogOfItsOwn() throws InterruptedException, IOException {
    publish(named("debian12"));
    aws.onCalls("ec2:RunInstances", 1, 9, Fault.FORBIDDEN);
    run(named("debian12"), named("debian13"));
    try (Stream<Path> logs = Files.list(folder.resolve("logs"))) {
      assertThat(logs.map(log -> log.getFileName().toString().replaceAll("-\\d+\\.log$", "")))
          .extracting(name -> name.replaceFirst("^[0-9T]+-", ""))
          .containsExactlyInAnyOrder("bootstrap-debian12", "bootstrap-debian13");
    }
  }

  @Test
  void jsonIsOneDocument() throws InterruptedException {
    String id = putImage(named("debian13"));
    aws.onCalls("ec2:RunInstances", 1, 9, Fault.FORBIDDEN);
    publish(named("debian12"));
    run(true, List.of(named("debian12"), named("debian13")), Optional.empty());
    JsonObject result = JsonParser.parseString(spoken.out()).getAsJsonObject();
    assertThat(result.get("region").getAsString()).isEqualTo("us-west-2");
    assertThat(result.getAsJsonArray("images"))
        .extracting(it -> it.getAsJsonObject().get("result").getAsString())
        .containsExactly("failed", "there");
    assertThat(
            result.getAsJsonArray("images").get(1).getAsJsonObject().get("imageId").getAsString())
        .isEqualTo(id);
  }
}
