package hgauto.aws.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import hgauto.error.EnvironmentException;
import hgauto.testbed.aws.FakeAccount;
import hgauto.testbed.aws.Fault;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ec2.model.BlockDeviceMapping;
import software.amazon.awssdk.services.ec2.model.Image;

class PublicImagesTest {
  private static final String DEBIAN = "136693071363";
  private static final ImageSeries DEBIAN_12 =
      new ImageSeries(
          "debian12",
          DEBIAN,
          "debian-12-amd64-*",
          List.of("/aws/service/debian/release/12/latest/amd64"));
  private static final String PATTERN = "Windows_Server-2019-English-Full-Base-*";

  private final FakeAccount aws = new FakeAccount();
  private final PublicImages images = new PublicImages(aws.account());

  private String windows(String name, String made, Consumer<Image.Builder> change) {
    return aws.contents()
        .putImage(
            name,
            image -> {
              image.ownerId(WindowsBase.OWNER).creationDate(made);
              change.accept(image);
            });
  }

  private static BlockDeviceMapping disk(String device, int gib) {
    return BlockDeviceMapping.builder().deviceName(device).ebs(e -> e.volumeSize(gib)).build();
  }

  private static BlockDeviceMapping instanceStore(String device) {
    return BlockDeviceMapping.builder().deviceName(device).virtualName("ephemeral0").build();
  }

  @Test
  void newestIsTheOneThatThePublisherNames() {
    String id =
        aws.contents()
            .putImage(
                "debian-12-amd64-20261101-2287",
                image ->
                    image
                        .ownerId(DEBIAN)
                        .rootDeviceName("/dev/xvda")
                        .blockDeviceMappings(
                            disk("/dev/sdb", 100),
                            disk("/dev/xvda", 8),
                            instanceStore("/dev/sdc")));
    aws.contents().putParameter("/aws/service/debian/release/12/latest/amd64", id);

    assertThat(images.newest(DEBIAN_12))
        .isEqualTo(new MachineImage(id, "debian-12-amd64-20261101-2287", "/dev/xvda", 8));
  }

  @Test
  void aSeriesWithoutAParameterIsFoundByItsName() {
    String id =
        aws.contents()
            .putImage(
                "debian-12-amd64-20261101-2287",
                image -> image.ownerId(DEBIAN).architecture("x86_64"));

    assertThat(
            images.newest(new ImageSeries("debian", DEBIAN, "debian-12-amd64-*", List.of())).id())
        .isEqualTo(id);
    assertThat(aws.actions()).doesNotContain("ssm:GetParameters");
  }

  @Test
  void takesAnUbuntuOnGp2WhereThereIsNoneOnGp3() {
    String gp2 = aws.contents().putImage("gp2", image -> {});
    String gp3 = aws.contents().putImage("gp3", image -> {});
    ImageSeries ubuntu =
        new ImageSeries("ubuntu", "1", "ubuntu-*", List.of("/ebs-gp3", "/ebs-gp2"));

    aws.contents().putParameter("/ebs-gp2", gp2);
    assertThat(images.newest(ubuntu).id()).isEqualTo(gp2);

    aws.contents().putParameter("/ebs-gp3", gp3);
    assertThat(images.newest(ubuntu).id()).isEqualTo(gp3);
  }

  @Test
  void aRegionWithoutTheParameterHasImagesByName() {
    String id =
        aws.contents().putImage("debian-12-amd64-20261101-2287", image -> image.ownerId(DEBIAN));
    assertThat(images.newest(DEBIAN_12).id()).isEqualTo(id);
  }

  @Test
  void newestByNameIsTheLastMadeThatCanBeLaunched() {
    windows(
        "Windows_Server-2019-English-Full-Base-2026.09.09", "2026-09-09T04:00:00.000Z", i -> {});
    String newest =
        windows(
            "Windows_Server-2019-English-Full-Base-2026.11.11",
            "2026-11-11T04:00:00.000Z",
            i -> {});
    windows(
        "Windows_Server-2019-English-Full-Base-2026.10.10", "2026-10-10T04:00:00.000Z", i -> {});
    windows(
        "Windows_Server-2022-English-Full-Base-2026.11.12", "2026-11-12T04:00:00.000Z", i -> {});
    windows(
        "Windows_Server-2019-English-Full-Base-2026.11.13",
        "2026-11-13T04:00:00.000Z",
        image -> image.state("transient"));
    windows(
        "Windows_Server-2019-English-Full-Base-2026.11.14",
        "2026-11-14T04:00:00.000Z",
        image -> image.architecture("arm64"));
    windows(
        "Windows_Server-2019-English-Full-Base-2026.11.15",
        "2026-11-15T04:00:00.000Z",
        image -> image.ownerId("666666666666"));

    assertThat(images.newest(WindowsBase.OWNER, PATTERN).id()).isEqualTo(newest);
  }

  @Test
  void saysWhoseImagesHaveNoSuchName() {
    EnvironmentException told =
        catchThrowableOfType(
            EnvironmentException.class, () -> images.newest(WindowsBase.OWNER, PATTERN));
    assertThat(told.what()).isEqualTo("there is no image " + PATTERN + " in us-west-2");
    assertThat(told.why()).isEqualTo("account 801119661308 publishes none so named");
  }

  @Test
  void namesTheCallThatIsForbidden() {
    aws.onCall("ssm:GetParameters", Fault.FORBIDDEN);
    EnvironmentException told =
        catchThrowableOfType(EnvironmentException.class, () -> images.newest(DEBIAN_12));
    assertThat(told.what())
        .isEqualTo("cannot find the newest image of debian12 in us-west-2 (ssm:GetParameters)");
    assertThat(told.next()).contains("docs/aws-permissions.md");
  }
}
