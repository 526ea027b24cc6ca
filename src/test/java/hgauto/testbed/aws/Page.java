package hgauto.testbed.aws;

import java.util.List;

/**
 * One page of a long answer.
 *
 * @param next the token for the next page; null on the last one
 */
record Page<T>(List<T> items, String next) {
  /** What AWS puts on a page at most, whatever it is asked for. */
  private static final int LONGEST = 1000;

  /** The page that is asked for. */
  static <T> Page<T> of(List<T> all, Integer maxResults, String token) {
    int from = token == null ? 0 : Integer.parseInt(token);
    int to =
        Math.min(all.size(), from + Math.min(LONGEST, maxResults == null ? LONGEST : maxResults));
    return new Page<>(
        all.subList(Math.min(from, to), to), to < all.size() ? Integer.toString(to) : null);
  }
}
