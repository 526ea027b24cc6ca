package hgauto.testbed.aws;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** An account whose calls are logged, and fail as a test wants. Safe for use by several threads. */
public abstract class FaultyCalls {
  private static final String ANY = "*";

  private final List<Call> calls = new ArrayList<>();
  private final List<Rule> rules = new ArrayList<>();

  /** Counts the calls that it is about, whether they come before or after those with a fault. */
  private static final class Rule {
    private final String action;
    private final int first;
    private final int last;
    private final Fault fault;
    private int seen;

    Rule(String action, int first, int last, Fault fault) {
      this.action = action;
      this.first = first;
      this.last = last;
      this.fault = fault;
    }

    boolean meets(Call call) {
      if (!Set.of(ANY, call.action(), call.toString()).contains(action)) {
        return false;
      }
      seen++;
      return first <= seen && seen <= last;
    }
  }

  /**
   * Every call of that action from now on, such as {@code ec2:RunInstances}, or {@code
   * ec2:RunInstances in us-west-2}, has this fault.
   */
  public void onCall(String action, Fault fault) {
    onCalls(action, 1, Integer.MAX_VALUE, fault);
  }

  /** The n-th call of that action from now on, counted from 1, has this fault. */
  public void onCall(String action, int n, Fault fault) {
    onCalls(action, n, n, fault);
  }

  /** The calls of that action from the first to the last, counted from 1 and now, have it. */
  public void onCalls(String action, int first, int last, Fault fault) {
    synchronized (calls) {
      rules.add(new Rule(action, first, last, fault));
    }
  }

  /** The n-th call from now on, counted from 1, whatever it is, has this fault. */
  public void onCall(int n, Fault fault) {
    onCalls(ANY, n, n, fault);
  }

  /** The calls from the first to the last, counted from 1 and now, whatever they are, have it. */
  public void onCalls(int first, int last, Fault fault) {
    onCalls(ANY, first, last, fault);
  }

  /** From now on all goes well. */
  public void withoutFaults() {
    synchronized (calls) {
      rules.clear();
    }
  }

  /** All calls so far, those with a fault too, in the order in which they came. */
  public List<Call> calls() {
    synchronized (calls) {
      return List.copyOf(calls);
    }
  }

  /** The actions of all calls so far: {@code ec2:RunInstances}. */
  public List<String> actions() {
    return calls().stream().map(Call::action).toList();
  }

  /** Forgets the calls made so far. */
  public void forgetCalls() {
    synchronized (calls) {
      calls.clear();
    }
  }

  /** Logs a call and says what is to go wrong with it; of several rules the first one holds. */
  protected final Optional<Fault> begin(Call call) {
    synchronized (calls) {
      calls.add(call);
      Optional<Fault> fault = Optional.empty();
      for (Rule rule : rules) {
        if (rule.meets(call) && fault.isEmpty()) {
          fault = Optional.of(rule.fault);
        }
      }
      return fault;
    }
  }
}
