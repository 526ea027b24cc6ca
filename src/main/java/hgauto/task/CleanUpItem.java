package hgauto.task;

import hgauto.aws.plan.Change;
import hgauto.aws.plan.Outcome;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;

/**
 * A change and what became of it.
 *
 * @param dollarsPerHour what the thing costs by {@link hgauto.aws.inventory.Prices}; null if that
 *     is not known
 * @param result {@code done}, {@code already} (it was gone), {@code kept} (others need it), {@code
 *     failed}; null after a dry run
 * @param why it was kept or failed, or null
 * @param next how a person can do it, or null
 */
public record CleanUpItem(
    String verb,
    String kind,
    String region,
    String id,
    String about,
    BigDecimal dollarsPerHour,
    String result,
    String why,
    String next) {
  /** Something remains. */
  private static final int INCOMPLETE = 4;

  /** What is not done yet. */
  static CleanUpItem of(Change change, BigDecimal dollarsPerHour) {
    return of(change, dollarsPerHour, null, null, null);
  }

  static CleanUpItem of(Outcome outcome, BigDecimal dollarsPerHour) {
    return of(
        outcome.change(),
        dollarsPerHour,
        word(outcome.result()),
        orNull(outcome.why()),
        orNull(outcome.next()));
  }

  private static CleanUpItem of(
      Change change, BigDecimal dollarsPerHour, String result, String why, String next) {
    return new CleanUpItem(
        change.verb(),
        change.kind(),
        change.region(),
        change.id(),
        change.about(),
        dollarsPerHour,
        result,
        why,
        next);
  }

  private static String word(Outcome.Result result) {
    return result.name().toLowerCase(Locale.ROOT);
  }

  private static String orNull(String text) {
    return text.isEmpty() ? null : text;
  }

  /** Of a command that did all that: 4 if something remains that should have gone, else 0. */
  static int exitCode(List<CleanUpItem> items) {
    return items.stream().anyMatch(CleanUpItem::isFailed) ? INCOMPLETE : 0;
  }

  boolean isGone() {
    return is(Outcome.Result.DONE) || is(Outcome.Result.ALREADY);
  }

  boolean isKept() {
    return is(Outcome.Result.KEPT);
  }

  boolean isFailed() {
    return is(Outcome.Result.FAILED);
  }

  private boolean is(Outcome.Result wanted) {
    return word(wanted).equals(result);
  }

  Change change() {
    return new Change(verb, kind, region, id, about);
  }
}
