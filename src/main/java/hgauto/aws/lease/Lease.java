package hgauto.aws.lease;

import hgauto.aws.AwsCall;
import hgauto.error.EnvironmentException;
import hgauto.error.LeftoverException;
import hgauto.poll.Poll;
import hgauto.process.Interrupt;
import hgauto.state.Reason;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceMetadataEndpointState;
import software.amazon.awssdk.services.ec2.model.RunInstancesResponse;

/**
 * An instance that ends with this object: when it is closed, and when the process is ended; by the
 * next command's hand, where that was by {@code kill -9}; and at last by its own. Safe for use by
 * several threads.
 */
public final class Lease implements AutoCloseable, Interrupt.Guarded {
  private static final Logger LOG = LoggerFactory.getLogger(Lease.class);

  private static final Duration RUNS_WITHIN = Duration.ofMinutes(5);

  private final LeaseJournal.Claim claim;
  private final Ec2Client ec2;
  private final InstanceCalls calls;
  private final Launching launching;
  private final Poll poll;
  private final Words words;

  /** Whoever ends it holds this; others wait for that. */
  private final ReentrantLock closing = new ReentrantLock();

  private volatile boolean closed;
  private volatile boolean gone;
  private volatile boolean kept;

  /** As it was seen first when it ran. */
  private volatile Instance running;

  /** What people are told: as it goes, and when the process is being ended. */
  record Words(Consumer<String> told, Consumer<String> last) {
    /** The same, but one that throws is logged: no machine stays because of a word about it. */
    Words harmless() {
      return new Words(harmless(told), harmless(last));
    }

    private static Consumer<String> harmless(Consumer<String> teller) {
      return text -> {
        try {
          teller.accept(text);
        } catch (RuntimeException e) {
          LOG.warn("could not be told: {}", text, e);
        }
      };
    }
  }

  /**
   * The claim is this object's from now on.
   *
   * @param clock of AWS
   */
  Lease(LeaseJournal.Claim claim, Ec2Client ec2, Poll poll, Clock clock, Words words) {
    this.claim = claim;
    this.ec2 = ec2;
    this.poll = poll;
    this.words = words.harmless();
    this.calls = new InstanceCalls(ec2, claim.entry().region(), poll, clock);
    this.launching = new Launching(claim.entry(), calls, poll);
  }

  /** See {@link Launching#launch}. Where it fails, nothing but an entry may be left. */
  void launch(String what, Supplier<RunInstancesResponse> send) throws InterruptedException {
    boolean launched = false;
    try {
      Interrupt.guard(this);
      launching.launch(what, send, words.told());
      launched = !launching.stopped();
    } finally {
      if (!launched) {
        finish();
      }
    }
    if (!launched) {
      throw new InterruptedException("the process is being ended");
    }
    try {
      claim.update(claim.entry().withInstance(id()));
    } catch (IOException e) {
      LOG.warn("the journal goes on without the id of {}", this, e); // the token will do
    }
    words.told().accept(this + " is launched, and ends itself at " + expires());
  }

  /** The id of the instance. */
  public String id() {
    return launching.id().orElseThrow();
  }

  /** The region it is in. */
  public String region() {
    return claim.entry().region();
  }

  /** When it ends itself, by AWS's time. */
  public Instant expires() {
    return claim.entry().expires();
  }

  /**
   * Waits until it runs, five minutes at most.
   *
   * @return its public IPv4 address
   * @throws EnvironmentException as soon as it is ending instead
   */
  public String awaitRunning() throws InterruptedException {
    return poll.until(
        id() + " to run and have an address", InstanceCalls.EVERY, RUNS_WITHIN, this::address);
  }

  private Optional<String> address(Consumer<String> saw) {
    for (Instance instance : calls.withIds(List.of(id()))) {
      saw.accept("it was " + instance.state().nameAsString());
      switch (instance.state().name()) {
        case PENDING -> {}
        case RUNNING -> {
          running = instance;
          return Optional.ofNullable(instance.publicIpAddress());
        }
        default -> throw ended(instance, "it ran");
      }
    }
    return Optional.empty();
  }

  private EnvironmentException ended(Instance instance, String before) {
    return new EnvironmentException(
        id() + " in " + region() + " ended before " + before,
        WhyEnded.of(instance),
        WhyEnded.next(instance));
  }

  /** What was launched: the type asked for, or one like it. Empty until it was seen running. */
  public Optional<String> instanceType() {
    return Optional.ofNullable(running).map(Instance::instanceTypeAsString);
  }

  /**
   * The id of the volume that is the disk of that name. {@link #awaitRunning} has seen it mostly;
   * where it has not, EC2 is asked once more.
   *
   * @param device as in {@link Disk}
   * @return such as {@code vol-0a1b}; empty where EC2 does not tell
   */
  public Optional<String> volumeId(String device) {
    return volumeId(running, device)
        .or(
            () ->
                calls.withIds(List.of(id())).stream()
                    .flatMap(instance -> volumeId(instance, device).stream())
                    .findFirst());
  }

  private static Optional<String> volumeId(Instance instance, String device) {
    return instance == null
        ? Optional.empty()
        : instance.blockDeviceMappings().stream()
            .filter(disk -> disk.deviceName().equals(device) && disk.ebs() != null)
            .map(disk -> disk.ebs().volumeId())
            .findFirst();
  }

  /**
   * Why it ends or has ended though nobody closed this, to tell whoever has lost it: such as a spot
   * instance that EC2 took back.
   *
   * @return empty as long as it runs or where this ends it, and where EC2 does not tell
   */
  public Optional<String> whyEnded() {
    return endedByItself().map(WhyEnded::of);
  }

  /**
   * Fails if it ends or has ended though nobody closed this, and EC2 tells.
   *
   * @param before what it was to do: "it accepted SSH"
   */
  public void assureNotEnded(String before) {
    endedByItself()
        .ifPresent(
            instance -> {
              throw ended(instance, before);
            });
  }

  private Optional<Instance> endedByItself() {
    try {
      return calls.withIds(List.of(id())).stream()
          .filter(WhyEnded::hasEnded)
          .filter(instance -> !closed) // or it is this that has ended it meanwhile
          .findFirst();
    } catch (EnvironmentException e) {
      LOG.warn("nobody knows why {} was lost", this, e); // the loss itself is what is to be told
      return Optional.empty();
    }
  }

  /** Turns off the metadata service, so that what runs on it cannot ask for credentials. */
  public void turnOffMetadata() {
    AwsCall.make(
        "ec2:ModifyInstanceMetadataOptions",
        "turn off the metadata service of " + id() + " in " + region(),
        () ->
            ec2.modifyInstanceMetadataOptions(
                r -> r.instanceId(id()).httpEndpoint(InstanceMetadataEndpointState.DISABLED)));
  }

  /**
   * Leaves it running, until it ends itself; closing it does nothing any more.
   *
   * @return whether it stays: not if it was ended before, as by an interrupt
   * @throws EnvironmentException if the journal cannot be written; then nothing has changed
   */
  public boolean keep() {
    closing.lock();
    try {
      if (closed) {
        return kept;
      }
      claim.update(claim.entry().asKept());
      closed = true;
      kept = true;
      Interrupt.release(this);
      letGo();
    } catch (IOException e) {
      throw new EnvironmentException(
          "cannot keep " + this, Reason.of(e), "Free some space in the state folder.", e);
    } finally {
      closing.unlock();
    }
    words.told().accept(this + " is kept, and ends itself at " + expires());
    return true;
  }

  /**
   * Terminates it and waits for that, ten minutes at most. Only the first time does anything.
   *
   * @throws LeftoverException if it could not be; the next command tries again
   */
  @Override
  public void close() {
    if (!closed) {
      try {
        words.told().accept("ending " + this);
      } finally {
        finish();
      }
      if (gone) { // by this thread or by another
        words.told().accept(id() + " is terminated");
      }
    }
  }

  @Override
  public void end() {
    words.last().accept("ending " + this + "; Ctrl-C stops waiting for that");
    try {
      launching.stop();
      finish();
      words.last().accept(gone ? id() + " is terminated" : left());
    } catch (LeftoverException e) {
      words.last().accept(e.what() + "\n  " + e.why() + "\n  " + e.next());
    } catch (InterruptedException e) {
      abandon();
    }
  }

  @Override
  public void abandon() {
    if (!gone && !kept) {
      words.last().accept(left());
    }
  }

  /** Waits for whoever ends it already. */
  private void finish() {
    closing.lock();
    boolean interrupted = Thread.interrupted(); // by somebody who wants it ended, as this does
    try {
      if (closed) {
        return;
      }
      closed = true;
      if (launching.result() == Launching.Result.LAUNCHED) {
        calls.end(claim.entry(), id());
        gone = true;
      }
      if (launching.result() != Launching.Result.UNKNOWN) {
        claim.remove();
      }
    } catch (InterruptedException e) {
      interrupted = true;
      throw leftover("interrupted while it ended", "", e);
    } catch (EnvironmentException e) {
      throw leftover(e.what() + ": " + e.why(), (e.next() + "\n").stripLeading(), e);
    } catch (IOException e) {
      LOG.warn("the next command will remove the entry of {}", this, e);
    } finally {
      Interrupt.release(this);
      letGo();
      closing.unlock();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void letGo() {
    try {
      claim.close();
    } catch (IOException e) {
      LOG.warn("cannot give up the entry of {}", this, e);
    }
  }

  private LeftoverException leftover(String why, String remedy, Exception e) {
    return new LeftoverException(
        this + " may still be there",
        why,
        remedy
            + InstanceCalls.NEXT_COMMAND
            + " tries again; or run: "
            + InstanceCalls.command(region(), List.of(id())),
        e);
  }

  private String left() {
    if (kept) {
      return this + " is kept, and ends itself at " + expires();
    }
    if (launching.result() == Launching.Result.NOTHING) {
      return "nothing was launched";
    }
    return launching
            .id()
            .map(id -> this + " is still there; end it with: " + command(id))
            .orElseGet(
                () ->
                    this
                        + " may be there; look with: "
                        + InstanceCalls.search(region(), claim.entry().token()))
        + "\n  "
        + InstanceCalls.NEXT_COMMAND
        + " ends it.";
  }

  private String command(String id) {
    return InstanceCalls.command(region(), List.of(id));
  }

  /** "i-0a1b (hg-linux-dev in us-west-2)". */
  @Override
  public String toString() {
    return launching.id().orElse("the launch under way")
        + " ("
        + claim.entry().name()
        + " in "
        + region()
        + ")";
  }
}
