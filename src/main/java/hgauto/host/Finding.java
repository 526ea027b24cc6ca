package hgauto.host;

/**
 * How a point was found.
 *
 * @param detail what there is, or what is wrong; for a person
 */
public record Finding(HostPoint point, boolean holds, String detail) {}
