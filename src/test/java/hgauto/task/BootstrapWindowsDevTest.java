package hgauto.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import hgauto.aws.Owner;
import hgauto.aws.ensure.Cidr;
import hgauto.aws.image.ImageSeries;
import hgauto.aws.image.WindowsBase;
import hgauto.aws.lease.LaunchTerms;
import hgauto.error.EnvironmentException;
import hgauto.error.UsageException;
import hgauto.hg.Checkout;
import hgauto.hg.Hg;
import hgauto.machine.SshKey;
import hgauto.state.StateFolder;
import hgauto.testbed.HgRepository;
import hgauto.testbed.Requires;
import hgauto.testbed.Sleepless;
import hgauto.testbed.aws.FakeAccount;
import hgauto.testbed.aws.Fault;
import hgauto.windows.WindowsDependencies;
import hgauto.windows.WindowsFingerprints;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.ec2.model.Tag;

/** On an account in memory, as far as that comes without machines. */
class BootstrapWindowsDevTest {
  private static final SshKey KEY = SshKey.generate(); // it takes a second
  private static final ImageSeries BASE = WindowsBase.WINDOWS_2022.series();
  private static final String SCRIPT = "contrib/install-windows-dependencies.ps1";

  @TempDir private Path folder;
  private final FakeAccount aws = new FakeAccount();
  private final Spoken spoken = new Spoken();
  private StateFolder state;
  private HgRepository hg;
  private Checkout checkout;

  @BeforeEach
  void prepare() throws IOException {
    state = new StateFolder(folder.resolve("state"));
    KEY.save(state.keys());
    hg = HgRepository.create(Files.createDirectory(folder.resolve("hg")));
    hg.write(SCRIPT, "Install-Dependencies\n").commit("dependencies");
    checkout =
        Checkout.find(hg.root(), new Hg(Requires.program("hg").toString()).withoutUserConfig());
  }

  private int run(boolean json) throws InterruptedException {
    return run(BASE, json);
  }

  private int run(ImageSeries base, boolean json) throws InterruptedException {
    return run(base, json, Duration.ofHours(4));
  }

  private int run(ImageSeries base, boolean json, Duration lifetime) throws InterruptedException {
    LaunchTerms terms =
        new LaunchTerms(
            Set.of(Cidr.of("203.0.113.7").orElseThrow()), Optional.empty(), lifetime, false);
    return new BootstrapWindowsDev(
            spoken.console(json), aws.account(), state, new Sleepless().poll())
        .run(new BootstrapWindowsDev.Request(checkout, ".", base, terms));
  }

  private String putImage() {
    return putImage(BASE);
  }

  private String putImage(ImageSeries base) {
    WindowsDependencies files = WindowsDependencies.of(checkout, checkout.resolve("."));
    return aws.contents()
        .putImage(
            "hg-windows-dev-0a1b2c3d",
            image ->
                image.tags(
                    Tag.builder().key(Owner.TAG).value("bob@desk").build(),
                    Tag.builder()
                        .key("HGIMAGEFINGERPRINT")
                        .value(WindowsFingerprints.of(base, files))
                        .build()));
  }

  private void refuseLaunches() {
    String id = aws.contents().putImage("Windows_Server-2022-English-Full-Base", image -> {});
    aws.contents().putParameter(BASE.parameters().get(0), id);
    aws.onCalls("ec2:RunInstances", 1, 9, Fault.FORBIDDEN);
  }

  @Test
  void whatIsThereIsNotMadeAgain() throws InterruptedException {
    String id = putImage();
    assertThat(run(false)).isZero();
    assertThat(spoken.out())
        .isEqualTo("windows2022: " + id + " (hg-windows-dev-0a1b2c3d) was there\n");
    assertThat(aws.actions()).doesNotContain("ec2:RunInstances", "ssm:GetParameters");
  }

  @Test
  void theImageOfARevisionWithAnotherScriptDoesNotDo() throws Exception {
    putImage();
    refuseLaunches();
    hg.write(SCRIPT, "Install-Dependencies -Newer\n").commit("newer");
    assertThatThrownBy(() -> run(false)).isInstanceOf(EnvironmentException.class);
    assertThat(aws.actions()).contains("ec2:RunInstances");
  }

  @Test
  void beforeAnythingIsMadeItSaysWhatAndForHowMuch() {
    refuseLaunches();
    assertThatThrownBy(() -> run(false)).isInstanceOf(EnvironmentException.class);
    assertThat(spoken.err())
        .contains(
            """
            region us-west-2 (for the test)
              make image hg-windows-dev of windows2022 on a m6i.large with 50 GiB, which ends itself after 4 h 0 min
            estimate: 60 min, about $0.20 for the machine
              import""");
  }

  @Test
  void aMachineThatEndsBeforeTheImageIsMadeIsRefusedBeforeAnythingIsMade() {
    UsageException failure =
        catchThrowableOfType(UsageException.class, () -> run(BASE, false, Duration.ofMinutes(60)));
    assertThat(failure)
        .hasMessage("the machine would end before the image is made that is missing");
    assertThat(failure.why())
        .isEqualTo("that may take 60 min, and a machine ends itself after 60 min");
    assertThat(failure.next()).isEqualTo("Say a longer --max-lifetime.");
    assertThat(aws.actions()).containsOnly("sts:GetCallerIdentity", "ec2:DescribeImages");
  }

  @Test
  void aShortLifeIsLongEnoughWhereTheImageIsThere() throws InterruptedException {
    putImage();
    assertThat(run(BASE, false, Duration.ofMinutes(5))).isZero();
  }

  @Test
  void itsMachineIsOneOfWindows() throws Exception {
    refuseLaunches();
    assertThatThrownBy(() -> run(false)).isInstanceOf(EnvironmentException.class);
    assertThat(aws.actions())
        .contains("iam:CreateInstanceProfile", "ec2:CreateSecurityGroup")
        .endsWith("ec2:RunInstances");
    try (Stream<Path> logs = Files.list(folder.resolve("state/logs"))) {
      assertThat(logs).singleElement().asString().contains("-bootstrap-windows-");
    }
  }

  @Test
  void aRevisionThatIsNotMercurialsIsRefusedBeforeAwsIsAsked() throws Exception {
    hg.hg("remove", SCRIPT);
    hg.write("README", "no script\n").commit("no script");
    UsageException failure = catchThrowableOfType(UsageException.class, () -> run(false));
    assertThat(failure.why()).contains(SCRIPT);
    assertThat(aws.actions()).isEmpty();
  }

  @Test
  void aPatternThatNoImageOfAmazonsHasIsRefusedBeforeAnythingIsMade() {
    EnvironmentException failure =
        catchThrowableOfType(
            EnvironmentException.class, () -> run(WindowsBase.named("NT4"), false));
    assertThat(failure).hasMessageStartingWith("there is no image NT4");
    assertThat(aws.actions()).containsOnly("sts:GetCallerIdentity", "ec2:DescribeImages");
  }

  @Test
  void oneThatAmazonHasNoLongerIsGoodWhileThereIsOurs() throws InterruptedException {
    putImage(WindowsBase.named("NT4"));
    assertThat(run(WindowsBase.named("NT4"), false)).isZero();
  }

  @Test
  void jsonIsOneDocument() throws InterruptedException {
    String id = putImage();
    run(true);
    JsonObject result = JsonParser.parseString(spoken.out()).getAsJsonObject();
    assertThat(result.get("region").getAsString()).isEqualTo("us-west-2");
    assertThat(
            result.getAsJsonArray("images").get(0).getAsJsonObject().get("imageId").getAsString())
        .isEqualTo(id);
  }
}
