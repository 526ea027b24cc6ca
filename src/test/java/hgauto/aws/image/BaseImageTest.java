package hgauto.aws.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import hgauto.error.UsageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BaseImageTest {
  @ParameterizedTest
  @CsvSource({
    "debian12, DEBIAN_12, admin, hg-linux-dev-debian12",
    "debian13, DEBIAN_13, admin, hg-linux-dev-debian13",
    "ubuntu22.04, UBUNTU_22_04, ubuntu, hg-linux-dev-ubuntu22.04",
    "ubuntu24.04, UBUNTU_24_04, ubuntu, hg-linux-dev-ubuntu24.04"
  })
  void findsLinuxByTheNameOfItsDistribution(
      String distro, BaseImage found, String user, String ourName) {
    assertThat(BaseImage.ofLinux(distro)).isSameAs(found);
    assertThat(found.user()).isEqualTo(user);
    assertThat(found.ourName()).isEqualTo(ourName);
  }

  @ParameterizedTest
  @CsvSource({
    "debian9, its publisher has withdrawn it",
    "debian10, its publisher has withdrawn it",
    "ubuntu18.04, its publisher has withdrawn it",
    "ubuntu19.04, its publisher has withdrawn it",
    "arch, it is not a distribution that hgauto knows",
    "windows2022, it is not a distribution that hgauto knows"
  })
  void namesThoseThatThereAre(String distro, String why) {
    UsageException told =
        catchThrowableOfType(UsageException.class, () -> BaseImage.ofLinux(distro));
    assertThat(told.what()).isEqualTo("there is no image of " + distro);
    assertThat(told.why()).isEqualTo(why);
    assertThat(told.next())
        .isEqualTo("Choose one of debian12, debian13, ubuntu22.04, ubuntu24.04.");
  }

  @Test
  void looksForUbuntuOnOlderVolumesToo() {
    assertThat(BaseImage.UBUNTU_22_04.parameters())
        .containsExactly(
            "/aws/service/canonical/ubuntu/server/22.04/stable/current/amd64/hvm/ebs-gp3/ami-id",
            "/aws/service/canonical/ubuntu/server/22.04/stable/current/amd64/hvm/ebs-gp2/ami-id");
  }
}
