package hgauto.windows.build;

import com.google.gson.annotations.SerializedName;
import hgauto.error.UsageException;
import java.util.Arrays;
import java.util.stream.Collectors;

/** What kind of processor a package is for. */
public enum Arch {
  /** 32 bits. */
  @SerializedName("x86")
  X86("x86", "win32"),
  /** 64 bits of Intel and AMD. */
  @SerializedName("x64")
  X64("x64", "win_amd64"),
  /** 64 bits of ARM; what is for it is made on the other kind of machine. */
  @SerializedName("arm64")
  ARM64("arm64", "win_arm64");

  private final String text;
  private final String platform;

  Arch(String text, String platform) {
    this.text = text;
    this.platform = platform;
  }

  /**
   * The one that a person names.
   *
   * @throws UsageException if there is none of that name
   */
  public static Arch of(String text) {
    return Arrays.stream(values())
        .filter(arch -> arch.text.equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new UsageException(
                    "there is no architecture '" + text + "'",
                    "",
                    "Choose of "
                        + Arrays.stream(values())
                            .map(Arch::toString)
                            .collect(Collectors.joining(", "))
                        + "."));
  }

  /** As wheels have it in their names. */
  String platform() {
    return platform;
  }

  /** As people write it, and installers have it in their names. */
  @Override
  public String toString() {
    return text;
  }
}
