package hgauto.aws.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class ImageFingerprintTest {
  private static final byte[] SCRIPT = "#!/bin/sh\necho hé\n".getBytes(UTF_8);
  private static final byte[] REQUIREMENTS = "pygments==2.18.0\n".getBytes(UTF_8);

  /** The constant was computed by Python's json and hashlib from the description in the Javadoc. */
  @Test
  void isTheSameOnEveryMachine() {
    assertThat(
            new ImageFingerprint("debian12", "debian-12-amd64-20261101-2287", 10)
                .file("bootstrap.sh", SCRIPT)
                .file("requirements-py3.txt", REQUIREMENTS)
                .hex())
        .isEqualTo("a70513606af77ec054f7202a22b9eaa2403afd6910dfbbeafee4da76903f9925");
  }

  @Test
  void doesNotEscapeWhatJsonNeedNot() {
    assertThat(new ImageFingerprint("é<x>'", "b", 32).hex())
        .isEqualTo("b02f7a63c67756934f79bd0e6c1bc1d2bc01d63e5e9a7b5ac82ca6d910d6915e");
  }

  @Test
  void doesNotDependOnTheOrderOfFiles() {
    assertThat(
            fingerprint()
                .file("requirements-py3.txt", REQUIREMENTS)
                .file("bootstrap.sh", SCRIPT)
                .hex())
        .isEqualTo(
            fingerprint()
                .file("bootstrap.sh", SCRIPT)
                .file("requirements-py3.txt", REQUIREMENTS)
                .hex());
  }

  @Test
  void differsWithEverythingThatIsInTheImage() {
    List<String> all =
        List.of(
            fingerprint().hex(),
            new ImageFingerprint("debian13", "ami-1", 10).hex(),
            new ImageFingerprint("debian12", "ami-2", 10).hex(),
            new ImageFingerprint("debian12", "ami-1", 12).hex(),
            fingerprint().file("bootstrap.sh", SCRIPT).hex(),
            fingerprint().file("prepare.sh", SCRIPT).hex(),
            fingerprint().file("bootstrap.sh", REQUIREMENTS).hex());
    assertThat(all).doesNotHaveDuplicates().allMatch(hex -> hex.matches("[0-9a-f]{64}"));
  }

  @Test
  void refusesASecondFileOfOneName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> fingerprint().file("bootstrap.sh", SCRIPT).file("bootstrap.sh", SCRIPT));
  }

  private static ImageFingerprint fingerprint() {
    return new ImageFingerprint("debian12", "ami-1", 10);
  }
}
