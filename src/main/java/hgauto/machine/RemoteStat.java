package hgauto.machine;

/**
 * What a machine says of something that is there.
 *
 * @param size in bytes
 * @param regular whether it is a file that can be read, or a link to one
 * @param sticky of a folder: whether only their owners and its own may rename and replace files in
 *     it
 * @param owner the number of the account; 0 is root's
 */
public record RemoteStat(long size, boolean regular, boolean sticky, int owner) {}
