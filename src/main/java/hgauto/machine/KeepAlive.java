package hgauto.machine;

import java.time.Duration;

/**
 * How a dead connection is told from a silent one: the server is asked for a sign of life, and the
 * connection is given up when too many such questions have no answer.
 *
 * @param every how often it is asked
 * @param unanswered how many questions may be without an answer when the next one is due
 * @param stalled how long transfers of files may make no progress on a connection that lives
 */
record KeepAlive(Duration every, int unanswered, Duration stalled) {
  /** Gives up 21 to 28 seconds after the last answer. */
  static final KeepAlive USUAL = new KeepAlive(Duration.ofSeconds(7), 3, Duration.ofSeconds(30));

  /** How long a machine may be silent at least. */
  Duration patience() {
    return every.multipliedBy(unanswered);
  }
}
