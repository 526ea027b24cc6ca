package hgauto.windows.build;

import com.google.gson.JsonObject;
import hgauto.release.MercurialVersion;
import hgauto.resource.Resource;
import java.time.Duration;

/**
 * A package to build, and how.
 *
 * @param version that it is to have
 * @param builder what makes it: {@code pip} or {@code cibuildwheel} of wheels, {@code py2exe} or
 *     {@code pyoxidizer} of installers
 * @param python that it is for, such as 3.9; of installers 2 or 3
 * @param runUnder the Python of the machine that runs the builder, such as 3.9; pip is run by the
 *     one that the wheel is for
 * @param expected how long it takes, by a guess
 */
public record PackageBuild(
    PackageKind kind,
    MercurialVersion version,
    String builder,
    String python,
    Arch arch,
    String runUnder,
    Duration expected) {
  private static final String CIBUILDWHEEL = "cibuildwheel";

  /** The name of its file. */
  public String fileName() {
    return kind.fileName(version.text(), python, arch);
  }

  /** The script that builds it. */
  String script() {
    return kind.script();
  }

  /**
   * The folder on the machine that its script puts the file into, and nothing else does: so what is
   * in there is what this build made, while the next one is under way.
   */
  String output() {
    return "C:\\hgdev\\packages\\" + fileName();
  }

  /** A file in that folder, as SFTP names it. */
  String remote(String name) {
    return "/" + output().replace('\\', '/') + "/" + name;
  }

  /**
   * What the script is told.
   *
   * @param node the changeset, 40 hexadecimal digits
   */
  JsonObject parameters(String node) {
    JsonObject parameters = new JsonObject();
    parameters.addProperty("node", node);
    parameters.addProperty("version", version.text());
    parameters.addProperty("kind", kind.toString());
    parameters.addProperty("builder", builder);
    parameters.addProperty("arch", arch.toString());
    parameters.addProperty("runUnder", runUnder);
    parameters.addProperty("output", output());
    parameters.addProperty("pattern", kind.pattern());
    if (builder.equals(CIBUILDWHEEL)) {
      parameters.addProperty("identifier", PackageKind.wheelTag(python) + "-" + arch.platform());
      parameters.addProperty(
          "requirements", Resource.text(PackageBuild.class, "windows-wheels.txt"));
    }
    return parameters;
  }

  /** For a person: "wheel for Python 3.9 on x64". */
  @Override
  public String toString() {
    return words(kind, python, arch);
  }

  static String words(PackageKind kind, String python, Arch arch) {
    return kind.words() + " for Python " + python + " on " + arch;
  }
}
