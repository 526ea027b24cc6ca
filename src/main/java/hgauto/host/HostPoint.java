package hgauto.host;

import java.util.Locale;

/** One point of what a host has to be like. A page in docs has it by the same id. */
public interface HostPoint {
  /** The constant's. */
  String name();

  /** As check-host prints it, such as {@code host-key}. */
  default String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Whether the host is of no use without it; else some of its uses are, or it is a comfort. */
  boolean isRequired();

  /** Where it does not hold, what to do, and as whom. */
  String mend();
}
