package hgauto.linux;

/**
 * The end of one test.
 *
 * @param name such as {@code test-add.t}
 * @param result {@code ok}, {@code failed}, {@code skipped} or {@code ignored}
 * @param seconds how long it took
 */
public record TestEnd(String name, String result, double seconds) {}
