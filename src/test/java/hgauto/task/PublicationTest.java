package hgauto.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import hgauto.console.Console;
import hgauto.error.EnvironmentException;
import hgauto.release.PackageIndex;
import hgauto.release.PublishPlan;
import hgauto.release.PublishPlan.Item;
import hgauto.release.PublishPlan.Presence;
import hgauto.release.ReleaseFile;
import hgauto.release.SiteFile;
import hgauto.release.SiteLock;
import hgauto.release.Twine;
import hgauto.state.StateFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Wheels only, with a twine that writes down that it is called. */
class PublicationTest {
  private static final URI INDEX = URI.create("http://127.0.0.1:1/");
  private static final PrintWriter NOBODY = new PrintWriter(Writer.nullWriter());

  private static final String ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  @TempDir private Path folder;
  private Path called;
  private Publication.Upload upload;
  private ReleaseFile wheel;

  @BeforeEach
  void makeTwineAndWheel() throws IOException {
    called = folder.resolve("called");
    Path program = folder.resolve("twine");
    Files.writeString(
        program,
        "#!/bin/sh\necho twine version 6.1.0\ncase $* in *upload*) echo \"$*\" >>'%s';; esac\n"
            .formatted(called));
    assertThat(program.toFile().setExecutable(true)).isTrue();
    StateFolder state = new StateFolder(folder.resolve("state"));
    Twine twine = Twine.find(program.toString(), state, folder, Map.of(), () -> {});
    upload = new Publication.Upload(twine, INDEX, PackageIndex.of(INDEX));
    Path file = folder.resolve("mercurial-7.2-cp39-cp39-win32.whl");
    wheel = new ReleaseFile(Files.writeString(file, "abc"), ReleaseFile.Kind.WHEEL, 3, ABC);
  }

  private PublishPlan plan(Presence onIndex) {
    SiteFile same = new SiteFile(wheel.name(), wheel.file(), 3, ABC);
    Item item = new Item(same, Optional.of(wheel), onIndex, Presence.LEFT_OUT);
    return new PublishPlan(
        List.of(item), Optional.empty(), List.of(), false, Optional.empty(), List.of());
  }

  private void publish(PublishPlan now) throws InterruptedException {
    new Publication(
            new Console(NOBODY, NOBODY, false, false),
            plan(Presence.ABSENT),
            () -> now,
            Optional.empty(),
            Optional.of(upload))
        .run(SiteLock.of("ann@laptop", folder.toString(), "7.2", Instant.EPOCH));
  }

  @Test
  void whatIsStillToBeDoneIsDone() throws Exception {
    publish(plan(Presence.ABSENT));

    assertThat(called).content().contains(wheel.name());
  }

  @Test
  void aPlanThatSomebodyHasOvertakenUploadsNothing() {
    PublishPlan overtaken = plan(Presence.OTHER);

    assertThatExceptionOfType(EnvironmentException.class)
        .isThrownBy(() -> publish(overtaken))
        .withMessage("the plan no longer holds");
    assertThat(called).doesNotExist();
  }
}
