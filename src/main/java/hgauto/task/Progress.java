package hgauto.task;

import hgauto.aws.plan.Outcome;
import hgauto.console.Console;

/** Says how a plan gets on: a line for each outcome; of many, for each tenth of them. */
final class Progress {
  private static final int MANY = 20;
  private static final int PARTS = 10;

  private final Console console;
  private final int total;
  private int told;

  /**
   * @param total how many outcomes there will be
   */
  Progress(Console console, int total) {
    this.console = console;
    this.total = total;
  }

  /** Takes note of an outcome. Safe for use by several threads. */
  synchronized void tell(Outcome outcome) {
    int before = told * PARTS / total;
    told++;
    if (total <= MANY || !gone(outcome)) {
      console.info(words(outcome));
    } else if (told * PARTS / total > before) {
      console.info(told + " of " + total + " done");
    }
  }

  private static boolean gone(Outcome outcome) {
    return outcome.result() == Outcome.Result.DONE || outcome.result() == Outcome.Result.ALREADY;
  }

  private static String words(Outcome outcome) {
    String thing = outcome.change().kind() + " " + outcome.change().id();
    return switch (outcome.result()) {
      case DONE -> "gone: " + thing;
      case ALREADY -> "was gone already: " + thing;
      case KEPT -> "kept: " + thing + ": " + outcome.why();
      case FAILED -> "remains: " + thing + ": " + outcome.why();
    };
  }
}
