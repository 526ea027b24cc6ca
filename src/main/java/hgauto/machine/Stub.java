package hgauto.machine;

/** For what is not written yet. */
final class Stub {
  private Stub() {}

  @SuppressWarnings("TypeParameterUnusedInFormals")
  static <T> T later() {
    if (System.nanoTime() != 0) {
      throw new UnsupportedOperationException("not written yet");
    }
    return null;
  }
}
