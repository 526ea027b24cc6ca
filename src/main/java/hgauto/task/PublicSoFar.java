package hgauto.task;

import hgauto.release.PublishPlan;
import hgauto.release.PublishPlan.Item;
import hgauto.release.PublishPlan.Presence;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is public while a plan is carried out, for the person who is told when that breaks off: what
 * was there before, what was added, and what may have been. Safe for use by several threads.
 */
final class PublicSoFar {
  private final List<String> onIndex;
  private final List<String> onSite;

  /** What was begun, and is not known to have come to anything; empty if there is nothing. */
  private String begun = "";

  /** Whether that was on the index, and not on the site. */
  private boolean begunOnIndex;

  /** Whether anything was, whatever came of it. */
  private boolean anyBegun;

  /** The file on the site that keeps others from it; empty if ours is not there. */
  private String lock = "";

  /** Whether that is there for certain. */
  private boolean locked;

  private boolean staging;
  private boolean lastWord;

  PublicSoFar(PublishPlan plan) {
    onIndex = there(plan, Item::onIndex);
    onSite = there(plan, Item::onSite);
  }

  private static List<String> there(PublishPlan plan, Function<Item, Presence> place) {
    return plan.items().stream()
        .filter(item -> place.apply(item) == Presence.SAME)
        .map(item -> item.file().name())
        .collect(Collectors.toCollection(ArrayList::new));
  }

  /** Our lock may be on the site from now on, as that file. */
  synchronized void locking(String file) {
    lock = file;
  }

  /** It is there. */
  synchronized void locked() {
    locked = true;
  }

  /** It is not there any more. */
  synchronized void unlocked() {
    lock = "";
    locked = false;
  }

  /** Files are being sent to the site, which no visitor sees. */
  synchronized void staging() {
    staging = true;
  }

  /**
   * It may be on the index from now on.
   *
   * @throws InterruptedException if it must not: {@link #lastWord} does not have it
   */
  synchronized void tryOnIndex(String name) throws InterruptedException {
    begin(name, true);
  }

  /** The same of the site. */
  synchronized void tryOnSite(String name) throws InterruptedException {
    begin(name, false);
  }

  private void begin(String name, boolean onIndex) throws InterruptedException {
    if (lastWord) {
      throw new InterruptedException("the process is being ended");
    }
    begun = name;
    begunOnIndex = onIndex;
    anyBegun = true;
  }

  /** It is known now whether what was tried is public. */
  synchronized void settle(boolean isPublic) {
    if (isPublic) {
      (begunOnIndex ? onIndex : onSite).add(begun);
    }
    begun = "";
  }

  /** How a file is on the index that was to become public there; see {@link PublishReport}. */
  synchronized String onIndex(String name) {
    return state(name, onIndex, begunOnIndex);
  }

  /** The same of the site. */
  synchronized String onSite(String name) {
    return state(name, onSite, !begunOnIndex);
  }

  private String state(String name, List<String> known, boolean isBegunThere) {
    if (known.contains(name)) {
      return PublishReport.PUBLISHED;
    }
    return isBegunThere && name.equals(begun) ? PublishReport.PERHAPS : PublishReport.TO_PUBLISH;
  }

  /**
   * Nothing else can become public any more.
   *
   * @return whether our lock is on the site for nothing, since this run has begun to make nothing
   *     public
   */
  synchronized boolean endsUnseen() {
    lastWord = true;
    return locked && !anyBegun;
  }

  /** The same as {@link #toString}, and nothing else can become public any more. */
  synchronized String lastWord() {
    lastWord = true;
    return toString();
  }

  /** For a person, of a run that has not come to its end. */
  @Override
  public synchronized String toString() {
    return publicSoFar() + (lock.isEmpty() ? "" : "; " + lockThatStays());
  }

  /** What keeps others from the site, and the ways on, for a person; empty if nothing does. */
  synchronized String lockThatStays() {
    return lock.isEmpty()
        ? ""
        : (locked ? "as far as this run knows, " : "perhaps ")
            + "the site stays locked by "
            + lock
            + ": the same command in this checkout takes the lock over and goes on, and removing"
            + " that file opens the site for others";
  }

  private String publicSoFar() {
    String known =
        Stream.of(listed("index", onIndex), listed("site", onSite))
            .filter(part -> !part.isEmpty())
            .collect(Collectors.joining("; "));
    String perhaps = begun.isEmpty() ? "" : listed(begunOnIndex ? "index" : "site", List.of(begun));
    if (known.isEmpty() && perhaps.isEmpty()) {
      return "this run has made nothing public"
          + (staging ? "; what was sent to the site is gone on with by the same command" : "");
    }
    return (known.isEmpty() ? "" : "this has become public: " + known + "; ")
        + (perhaps.isEmpty() ? "" : "perhaps also " + perhaps + ", as release-status tells; ")
        + "the same command goes on with the rest";
  }

  private static String listed(String place, List<String> names) {
    return names.isEmpty() ? "" : "on the " + place + " " + String.join(", ", names);
  }
}
