package hgauto.aws.lease;

import hgauto.aws.Account;
import hgauto.aws.Parallel;
import hgauto.aws.inventory.Resource;
import hgauto.aws.plan.Change;
import hgauto.aws.plan.Outcome;
import hgauto.aws.plan.Protection;
import hgauto.error.EnvironmentException;
import hgauto.poll.Poll;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.ec2.model.Instance;

/**
 * Ends what a killed run has left: the instances of the journal's entries that nobody holds, in
 * every region, and that were not kept on purpose or are past their expiry. It finds them by their
 * client tokens, and never launches anything. Entries of other accounts wait for a command with
 * those.
 */
public final class Recovery {
  private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

  private static final String TRIED_AGAIN =
      InstanceCalls.NEXT_COMMAND + " tries it again. By hand: ";

  private final Account account;
  private final LeaseJournal journal;
  private final Poll poll;
  private final Consumer<String> told;

  /**
   * @param told is given a sentence for each instance that is to be ended, by several threads
   */
  public Recovery(Account account, LeaseJournal journal, Poll poll, Consumer<String> told) {
    this.account = account;
    this.journal = journal;
    this.poll = poll;
    this.told = told;
  }

  /**
   * Ends them, all at once, and waits for that. Where the journal is empty, AWS is not asked
   * anything.
   *
   * @return what was ended, what could not be, and what in the journal cannot be read
   * @throws EnvironmentException if the journal or the account cannot be used at all
   */
  public List<Outcome> run() throws InterruptedException {
    List<Callable<Optional<Outcome>>> work = new ArrayList<>();
    List<LeaseJournal.Unreadable> stuck = new ArrayList<>();
    for (LeaseJournal.Claim claim : journal.claim(this::abandoned, stuck::add)) {
      work.add(() -> recover(claim));
    }
    return Stream.of(
            Parallel.all(work).stream().flatMap(Optional::stream),
            stuck.stream().map(Recovery::stuck),
            journal.unreadable().stream().map(Recovery::unreadable))
        .flatMap(outcomes -> outcomes)
        .toList();
  }

  /**
   * Looks only.
   *
   * @return what {@link #run} would end; where EC2 cannot be asked, what may be there
   * @throws EnvironmentException if the journal or the account cannot be used at all
   */
  public List<Change> pending() throws InterruptedException {
    List<Callable<Optional<Change>>> work = new ArrayList<>();
    for (LeaseJournal.Claim claim :
        journal.claim(this::abandoned, stuck -> LOG.debug("cannot look at {}", stuck))) {
      work.add(() -> find(claim));
    }
    return Parallel.all(work).stream().flatMap(Optional::stream).toList();
  }

  private Optional<Change> find(LeaseJournal.Claim claim) throws IOException {
    LeaseEntry entry = claim.entry();
    try (claim) {
      return calls(entry)
          .withToken(entry.token())
          .filter(instance -> !InstanceCalls.terminated(instance))
          .map(instance -> change(entry, instance.instanceId()));
    } catch (EnvironmentException e) {
      LOG.debug("cannot look for {}", entry, e);
      return Optional.of(change(entry, entry.instance().orElse(entry.token())));
    }
  }

  private boolean abandoned(LeaseEntry entry) {
    return entry.account().equals(account.caller().account())
        && (!entry.kept() || now().isAfter(entry.expires()));
  }

  private Instant now() {
    return account.caller().clock().instant();
  }

  /** Where the entry cannot be removed, the next command finds that all is done. */
  private Optional<Outcome> recover(LeaseJournal.Claim claim) throws InterruptedException {
    LeaseEntry entry = claim.entry();
    Optional<Outcome> outcome = Optional.empty();
    try (claim) {
      outcome = end(entry);
      if (outcome.isPresent() ? !outcome.get().failed() : entry.isOld(now())) {
        claim.remove();
      }
    } catch (IOException e) {
      LOG.warn("the entry of {} stays", entry, e);
    }
    return outcome;
  }

  /** What became of it; empty if nothing is found. */
  private Optional<Outcome> end(LeaseEntry entry) throws InterruptedException {
    InstanceCalls calls = calls(entry);
    Optional<Instance> found = Optional.empty();
    try {
      found = calls.withToken(entry.token());
      if (found.isEmpty()) {
        LOG.info("nothing is found of {}", entry);
        return Optional.empty();
      }
      Change change = change(entry, found.get().instanceId());
      if (InstanceCalls.terminated(found.get())) {
        return Optional.of(Outcome.already(change));
      }
      told.accept("ending what an earlier run left: " + change.id() + " (" + change.about() + ")");
      calls.end(entry, change.id());
      return Optional.of(Outcome.done(change));
    } catch (EnvironmentException e) {
      return Optional.of(failed(entry, found.map(Instance::instanceId).or(entry::instance), e));
    }
  }

  private InstanceCalls calls(LeaseEntry entry) {
    return new InstanceCalls(
        account.clients().ec2(entry.region()), entry.region(), poll, account.caller().clock());
  }

  private static Outcome failed(LeaseEntry entry, Optional<String> id, EnvironmentException e) {
    String byHand =
        id.map(known -> InstanceCalls.command(entry.region(), List.of(known)))
            .orElseGet(() -> InstanceCalls.search(entry.region(), entry.token()));
    return Outcome.failed(
        change(entry, id.orElse(entry.token())),
        e.what() + ": " + e.why(),
        id.isPresent() && Protection.refused(e)
            ? Protection.remedy(entry.region(), id.get())
            : (e.next() + " " + TRIED_AGAIN + byHand).stripLeading());
  }

  private static Change change(LeaseEntry entry, String id) {
    return new Change(
        "terminate",
        "instance",
        entry.region(),
        id,
        entry.name() + ", launched at " + entry.created() + " by run " + entry.run());
  }

  private static Outcome stuck(LeaseJournal.Unreadable found) {
    return Outcome.failed(
        read(found),
        found.why(),
        "Mend that, and run the command again: an instance may run that "
            + found.where()
            + " is about"
            + byToken(found)
            + ".");
  }

  private static Outcome unreadable(LeaseJournal.Unreadable found) {
    return Outcome.failed(
        read(found),
        found.why(),
        "See whether an instance runs that nobody wants (hgauto list-ec2-resources --all-regions"
            + byToken(found)
            + "), and remove "
            + found.where());
  }

  private static Change read(LeaseJournal.Unreadable found) {
    return new Change("read", "lease", Resource.GLOBAL, found.where().getFileName().toString(), "");
  }

  /** Which region it was in is not known any more. */
  private static String byToken(LeaseJournal.Unreadable found) {
    Matcher token = LeaseEntry.TOKEN.matcher(found.where().getFileName().toString());
    return token.lookingAt() ? "; its client token was " + token.group() : "";
  }
}
