package hgauto.machine;

/** Is told how far files have come. It is called often, and by several threads at once. */
@FunctionalInterface
public interface TransferProgress {
  /**
   * So much of a file is done.
   *
   * @param remote the file there
   * @param bytes what is done of it, with what was done before this transfer began
   * @param of its size
   */
  void sent(String remote, long bytes, long of);
}
