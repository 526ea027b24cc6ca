package hgauto.cli;

import hgauto.linux.Distro;
import hgauto.linux.Distros;
import java.util.Iterator;

/** The distributions that there are, for help and completion. */
final class DistroNames implements Iterable<String> {
  @Override
  public Iterator<String> iterator() {
    return Distros.known().all().stream().map(Distro::name).iterator();
  }
}
