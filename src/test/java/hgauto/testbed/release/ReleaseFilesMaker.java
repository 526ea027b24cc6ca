package hgauto.testbed.release;

import hgauto.testbed.Requires;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.poi.hpsf.ClassID;
import org.apache.poi.poifs.filesystem.POIFSFileSystem;

/**
 * Makes files of a release that are what they are called, but small: real wheels, real OLE compound
 * files for msi, and for exe the headers that a program for Windows has. Their content does not
 * compress, and is another in each file and the same at each making.
 */
public final class ReleaseFilesMaker {
  /** The 16 files that there were of each version from 5.5 to 6.1. */
  public static final List<String> OF_5_X =
      List.of(
          "mercurial-%s-cp27-cp27m-win32.whl",
          "mercurial-%s-cp27-cp27m-win_amd64.whl",
          "mercurial-%s-cp37-cp37m-win32.whl",
          "mercurial-%s-cp37-cp37m-win_amd64.whl",
          "mercurial-%s-cp38-cp38-win32.whl",
          "mercurial-%s-cp38-cp38-win_amd64.whl",
          "mercurial-%s-cp39-cp39-win32.whl",
          "mercurial-%s-cp39-cp39-win_amd64.whl",
          "Mercurial-%s-x86-python2.exe",
          "Mercurial-%s-x64-python2.exe",
          "Mercurial-%s-x86.exe",
          "Mercurial-%s-x64.exe",
          "mercurial-%s-x86-python2.msi",
          "mercurial-%s-x64-python2.msi",
          "mercurial-%s-x86.msi",
          "mercurial-%s-x64.msi");

  private final Path dist;
  private final String version;
  private final int size;

  /**
   * @param dist the folder that they come to, which is made
   * @param size of each, in bytes, about
   */
  public ReleaseFilesMaker(Path dist, String version, int size) throws IOException {
    this.dist = Files.createDirectories(dist);
    this.version = version;
    this.size = size;
  }

  /** The names of the files of 5.x, for the version. */
  public List<String> namesOf5x() {
    return OF_5_X.stream().map(name -> name.formatted(version)).toList();
  }

  /** Makes files of those names; each ends in whl, exe or msi. */
  public void make(Collection<String> names) throws IOException {
    List<String> tags = new ArrayList<>();
    for (String name : names) {
      if (name.endsWith(".whl")) {
        tags.add(name.substring(("mercurial-" + version + "-").length(), name.length() - 4));
      } else if (name.endsWith(".exe")) {
        exe(name);
      } else {
        msi(name);
      }
    }
    if (!tags.isEmpty()) {
      wheels(tags);
    }
  }

  /**
   * Makes wheels, by pip and setuptools; skips the test where the environment with them is missing.
   *
   * @param tags each such as {@code cp39-cp39-win32}
   */
  public void wheels(List<String> tags) throws IOException {
    List<String> argv =
        new ArrayList<>(
            List.of(
                Requires.env("HGAUTO_TESTBED_PYTHON"),
                TestbedFiles.path("make_wheels.py").toString(),
                dist.toString(),
                version,
                Integer.toString(size)));
    argv.addAll(tags);
    Process process = new ProcessBuilder(argv).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.onExit().join().exitValue() != 0) {
      throw new IOException(output);
    }
  }

  /** Makes a wheel. */
  public Path wheel(String tags) throws IOException {
    wheels(List.of(tags));
    return dist.resolve("mercurial-" + version + "-" + tags + ".whl");
  }

  /** Makes an installer as Inno Setup makes them: a program with two sections, and more behind. */
  public Path exe(String name) throws IOException {
    int sections = 1024;
    ByteBuffer head = ByteBuffer.allocate(512).order(ByteOrder.LITTLE_ENDIAN);
    head.putShort(0, (short) 0x5a4d).putInt(0x3c, 0x80);
    head.position(0x80);
    head.putInt(0x4550).putShort((short) 0x14c).putShort((short) 2); // PE, i386, two sections
    head.putInt(0).putInt(0).putInt(0).putShort((short) 224).putShort((short) 0x102);
    int optional = head.position();
    head.putShort(optional, (short) 0x10b).putInt(optional + 92, 16); // PE32, 16 directories
    head.position(optional + 224);
    for (String section : List.of(".text\0\0\0", ".rsrc\0\0\0")) {
      int start = section.startsWith(".text") ? 512 : 512 + sections;
      head.put(section.getBytes(StandardCharsets.US_ASCII));
      head.putInt(sections).putInt(start).putInt(sections).putInt(start);
      head.putInt(0).putInt(0).putInt(0).putInt(0x60000020);
    }
    Path exe = dist.resolve(name);
    try (OutputStream out = Files.newOutputStream(exe)) {
      out.write(head.array());
      out.write(content(name, 2 * sections + size));
    }
    return exe;
  }

  /** Makes an installer as the WiX Toolset makes them: an OLE compound file with streams. */
  public Path msi(String name) throws IOException {
    Path msi = dist.resolve(name);
    try (POIFSFileSystem file = new POIFSFileSystem();
        OutputStream out = Files.newOutputStream(msi)) {
      file.getRoot().setStorageClsid(new ClassID("{000C1084-0000-0000-C000-000000000046}"));
      file.createDocument(new ByteArrayInputStream(content(name, 100)), "!_Tables");
      file.createDocument(new ByteArrayInputStream(content(name, size)), "mercurial.cab");
      file.writeFilesystem(out);
    }
    return msi;
  }

  private static byte[] content(String name, int size) {
    byte[] content = new byte[size];
    new Random(name.hashCode()).nextBytes(content);
    return content;
  }

  /** All that have been made, by name. */
  public List<Path> files() throws IOException {
    try (Stream<Path> all = Files.list(dist)) {
      return all.sorted().toList();
    }
  }
}
