package hgauto.windows;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import hgauto.aws.Owner;
import hgauto.aws.image.ImageSeries;
import hgauto.aws.image.MachineImage;
import hgauto.aws.image.OwnImages;
import hgauto.aws.image.PublicImages;
import hgauto.aws.image.WindowsBase;
import hgauto.error.RemoteWorkException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Making an image, on a machine that stands in for a Windows one. */
class WindowsBootstrapTest extends WindowsScene {
  private static final ImageSeries BASE = WindowsBase.WINDOWS_2022.series();
  private static final WindowsDependencies FILES =
      new WindowsDependencies(
          new TreeMap<>(
              Map.of(
                  "install-windows-dependencies.ps1",
                  "--config $PSScriptRoot\\vs2022-settings.json".getBytes(UTF_8),
                  "vs2022-settings.json",
                  "{}".getBytes(UTF_8))));

  private final List<String> types = new ArrayList<>();

  private WindowsImages images() {
    return new WindowsImages(new PublicImages(aws.account()), own(), machines(false, POLL), FILES);
  }

  private OwnImages own() {
    return new OwnImages(aws.account(), Owner.here(), POLL, told::add);
  }

  private Optional<MachineImage> find() throws InterruptedException {
    return WindowsImages.find(own(), BASE, FILES);
  }

  private MachineImage build() throws InterruptedException {
    return images().build(BASE, log, types::add);
  }

  private int imagesOfOurs() {
    return ec2.describeImages(r -> r.owners("self")).images().size();
  }

  @Test
  void theImageIsMadeAndFoundAgain() throws Exception {
    assertThat(find()).isEmpty();
    MachineImage image = build();
    assertThat(image.name()).startsWith("hg-windows-dev-");
    assertThat(find()).contains(image);
    assertThat(types).containsExactly("m6i.large");
    assertThat(logged()).startsWith("account ").contains("\\Administrator, profile ");
    assertThat(states()).containsExactly("terminated");
  }

  @Test
  void aMachineOfTheImageHasWhatIsNeededAndNothingOfTheOther() throws Exception {
    MachineImage image = build();
    Ec2WindowsMachines.Wanted wanted =
        new Ec2WindowsMachines.Wanted(image, List.of("t3.medium"), WindowsImages.DISK_GIB);
    try (WindowsMachine machine = machines(false, POLL).launch(wanted)) {
      String id = machine.lease().id();
      assertThat(aws.driveC(id).path("C:\\hgdev\\hg.cmd")).exists();
      assertThat(aws.driveC(id).path("C:\\hgdev\\bootstrap")).doesNotExist();
      try (var runs = Files.list(aws.driveC(id).path("C:\\hgdev\\runs"))) {
        assertThat(runs.map(run -> run.getFileName().toString()))
            .containsExactly("run-as-administrator.ps1");
      }
    }
  }

  @Test
  void aRestartThatIsAskedForIsMadeAndTheScriptRunAgain() throws Exception {
    AtomicInteger runs = new AtomicInteger();
    aws.windows()
        .play(
            "bootstrap-windows.ps1",
            run -> {
              run.print("run " + runs.incrementAndGet());
              return runs.get() < 3 ? 350 : 0;
            });
    build();
    assertThat(runs).hasValue(3);
    assertThat(logged()).contains("run 1\r\n", "run 2\r\n", "run 3\r\n");
    assertThat(imagesOfOurs()).isEqualTo(1);
  }

  @Test
  void oneThatAsksForRestartsForEverFails() {
    AtomicInteger runs = new AtomicInteger();
    aws.windows()
        .play(
            "bootstrap-windows.ps1",
            run -> {
              runs.incrementAndGet();
              return 350;
            });
    RemoteWorkException failure = catchThrowableOfType(RemoteWorkException.class, this::build);
    assertThat(failure.why()).isEqualTo("it still asks for a restart after 3 of them");
    assertThat(runs).hasValue(4);
    assertThat(states()).containsExactly("terminated");
  }

  @Test
  void aFailureIsToldAndNoImageIsMade() {
    aws.windows()
        .play(
            "bootstrap-windows.ps1",
            run -> {
              run.print("hash mismatch");
              return 1;
            });
    RemoteWorkException failure = catchThrowableOfType(RemoteWorkException.class, this::build);
    assertThat(failure.what()).isEqualTo("could not make a Windows machine ready");
    assertThat(failure.why()).contains("ended with 1");
    assertThat(logged()).contains("hash mismatch");
    assertThat(imagesOfOurs()).isZero();
    assertThat(states()).containsExactly("terminated");
  }

  @Test
  void theSettingsFileBesideTheScriptGoesWithIt() throws Exception {
    build(); // the stand-in looks for it
    assertThat(logged()).contains("installing what Mercurial is built with");
  }
}
