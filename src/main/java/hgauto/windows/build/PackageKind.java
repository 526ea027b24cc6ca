package hgauto.windows.build;

import com.google.gson.annotations.SerializedName;

/** What kind of package it is. */
public enum PackageKind {
  /** For pip, one for each Python and architecture. */
  @SerializedName("wheel")
  WHEEL("wheel", "wheel", "build-wheel.ps1", "mercurial-*.whl"),
  /** Inno Setup's, an exe that needs no rights of an administrator. */
  @SerializedName("inno")
  INNO("inno", "Inno Setup installer", "build-installer.ps1", "Mercurial-*.exe"),
  /** The WiX Toolset's, an msi for all users of a machine. */
  @SerializedName("wix")
  WIX("wix", "MSI installer", "build-installer.ps1", "mercurial-*.msi");

  private final String text;
  private final String words;
  private final String script;
  private final String pattern;

  PackageKind(String text, String words, String script, String pattern) {
    this.text = text;
    this.words = words;
    this.script = script;
    this.pattern = pattern;
  }

  /** For a person: "Inno Setup installer". */
  String words() {
    return words;
  }

  /** The script that builds it. */
  String script() {
    return script;
  }

  /** What the names of all such files match, and of no others that a build leaves beside them. */
  String pattern() {
    return pattern;
  }

  /**
   * The name that its file gets from those who build it.
   *
   * @param python such as 3.9; of installers, which bring their own, 2 or 3
   */
  String fileName(String version, String python, Arch arch) {
    return switch (this) {
      case WHEEL -> {
        String tag = wheelTag(python);
        // up to 3.7 the name tells that Python has its own malloc
        String abi = tag.matches("cp27|cp3[67]") ? tag + "m" : tag;
        yield "mercurial-" + version + "-" + tag + "-" + abi + "-" + arch.platform() + ".whl";
      }
      case INNO -> "Mercurial-" + version + "-" + arch + python2(python) + ".exe";
      case WIX -> "mercurial-" + version + "-" + arch + python2(python) + ".msi";
    };
  }

  /** {@code cp39} of 3.9. */
  static String wheelTag(String python) {
    return "cp" + python.replace(".", "");
  }

  private static String python2(String python) {
    return python.equals("2") ? "-python2" : "";
  }

  /** As packaging.py calls it. */
  @Override
  public String toString() {
    return text;
  }
}
