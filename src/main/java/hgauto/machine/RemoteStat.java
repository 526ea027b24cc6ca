package hgauto.machine;

/**
 * What a machine says of something that is there.
 *
 * @param size in bytes
 * @param regular whether it is a file that can be read, or a link to one
 */
public record RemoteStat(long size, boolean regular) {}
