package hgauto.windows.build;

import java.util.List;

/**
 * Which packages of one kind a person wants: those for each of the Pythons on each of the
 * architectures.
 *
 * @param pythons as in {@link PackageBuild#python}; the newest that there is if this is empty
 * @param archs at least one
 */
public record PackageChoice(PackageKind kind, List<String> pythons, List<Arch> archs) {
  /** Keeps copies of the lists. */
  public PackageChoice {
    pythons = List.copyOf(pythons);
    archs = List.copyOf(archs);
  }
}
