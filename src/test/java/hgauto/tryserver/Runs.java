package hgauto.tryserver;

import java.time.Instant;
import java.util.List;

/** Runs for tests to start from. */
final class Runs {
  static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");

  private Runs() {}

  /** A run of {@code status}, begun at 12:00:05 and ended 134 s later where these apply. */
  static Run of(long id, RunStatus status) {
    boolean began = status != RunStatus.QUEUED;
    boolean verdict = status == RunStatus.PASSED || status == RunStatus.FAILED;
    return new Run(
        id,
        "5d5fd0f4bc5d6fdc5d7b8c2e6a9f0e1d2c3b4a59",
        "default",
        "Ann Author <ann@example.com>",
        "commit: keep the message when the editor fails\n\nIt was lost before.",
        List.of("test-commit.t", "-j2"),
        NOON,
        began ? NOON.plusSeconds(5) : null,
        status.isFinal() ? NOON.plusSeconds(139) : null,
        status,
        verdict ? (status == RunStatus.PASSED ? 0 : 1) : null,
        status == RunStatus.ERROR ? "make local ended with code 2" : null,
        verdict ? new Run.Counts(120, status == RunStatus.PASSED ? 0 : 3, 4) : null);
  }

  /** A failed run in which all that a submitter can name is {@code text}. */
  static Run saying(String text) {
    Run plain = of(7, RunStatus.FAILED);
    return new Run(
        plain.id(),
        plain.node(),
        text,
        text,
        text,
        List.of(text),
        plain.submitted(),
        plain.started(),
        plain.ended(),
        plain.status(),
        plain.exitCode(),
        text,
        plain.counts());
  }
}
