package hgauto.aws.lease;

import hgauto.aws.AwsCall;
import hgauto.error.EnvironmentException;
import hgauto.poll.Poll;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.RunInstancesResponse;

/**
 * One launch, which one thread carries out while another may have to learn what comes of it. A
 * request whose answer is lost is not sent again: what it made is found by its client token.
 */
final class Launching {
  private static final Logger LOG = LoggerFactory.getLogger(Launching.class);

  /** How long IAM takes at most to tell EC2 of a new instance profile. */
  private static final Duration PROFILE_KNOWN_WITHIN = Duration.ofMinutes(2);

  /** How long a new instance may not be seen by those who look for it. */
  private static final Duration SEEN_WITHIN = Duration.ofSeconds(10);

  private static final Duration ANSWERS_WITHIN = Duration.ofSeconds(20);

  private final LeaseEntry entry;
  private final InstanceCalls calls;
  private final Poll poll;
  private final CountDownLatch over = new CountDownLatch(1);
  private volatile Result result = Result.NOTHING;
  private volatile String id;
  private volatile boolean stopped;

  /** Whether a request may have launched it though its answer does not say so. */
  private boolean uncertain;

  /** What has come of it so far. */
  enum Result {
    /** There is no instance, for certain. */
    NOTHING,
    /** There may be one: a request is under way, or its answer is lost. */
    UNKNOWN,
    LAUNCHED
  }

  Launching(LeaseEntry entry, InstanceCalls calls, Poll poll) {
    this.entry = entry;
    this.calls = calls;
    this.poll = poll;
  }

  Result result() {
    return result;
  }

  /** The id of the instance, once it is launched. */
  Optional<String> id() {
    return Optional.ofNullable(id);
  }

  /** Whether it was stopped, though something may have been launched. */
  boolean stopped() {
    return stopped;
  }

  /**
   * Launches it.
   *
   * @param what for the message "cannot …"
   * @param send makes the request, the same each time
   * @throws EnvironmentException if it is not launched, or nobody knows; see {@link #result}
   */
  void launch(String what, Supplier<RunInstancesResponse> send, Consumer<String> told)
      throws InterruptedException {
    try {
      launched(
          poll.until(
              "EC2 to know the instance profile",
              InstanceCalls.EVERY,
              PROFILE_KNOWN_WITHIN,
              saw -> sent(what, send, saw)));
    } catch (EnvironmentException e) {
      if (result == Result.NOTHING) {
        throw e;
      }
      // EC2 answers with what a token has made before it looks for room
      boolean elsewhere = LaunchRefusal.noRoom(e);
      Optional<String> found = find(elsewhere ? Duration.ZERO : SEEN_WITHIN);
      launched(found.orElseThrow(() -> elsewhere ? e : unknown(e)));
      told.accept(found.get() + " was launched, though the answer was lost (" + e.why() + ")");
    } finally {
      over.countDown();
    }
  }

  private Optional<String> sent(
      String what, Supplier<RunInstancesResponse> send, Consumer<String> saw)
      throws InterruptedException {
    result = Result.UNKNOWN;
    if (stopped) {
      result = uncertain ? Result.UNKNOWN : Result.NOTHING;
      throw new InterruptedException("the process is being ended");
    }
    try {
      RunInstancesResponse answer = AwsCall.make("ec2:RunInstances", what, send);
      return Optional.of(answer.instances().get(0).instanceId());
    } catch (EnvironmentException e) {
      uncertain |= !LaunchRefusal.certain(e);
      if (!uncertain) {
        result = Result.NOTHING;
      }
      if (LaunchRefusal.profileUnknown(e)) {
        saw.accept("EC2 said: " + e.why());
        return Optional.empty();
      }
      throw e;
    }
  }

  private void launched(String instance) {
    id = instance;
    result = Result.LAUNCHED;
  }

  /** What the client token finds, for which it looks for so long; once at least. */
  private Optional<String> find(Duration atMost) throws InterruptedException {
    try {
      return Optional.of(
          poll.until(
              "the instance to be seen",
              InstanceCalls.EVERY,
              atMost,
              () -> calls.withToken(entry.token()).map(Instance::instanceId)));
    } catch (EnvironmentException e) {
      LOG.warn("not found: {}", entry, e);
      return Optional.empty();
    }
  }

  private EnvironmentException unknown(EnvironmentException e) {
    return new EnvironmentException(
        e.what() + ", or nobody knows whether it was",
        e.why(),
        InstanceCalls.NEXT_COMMAND
            + " looks for it for 15 minutes, and ends it; by"
            + " itself it would end at "
            + entry.expires()
            + ". "
            + e.next(),
        e.getCause());
  }

  /**
   * No more requests are sent from now on. Waits for what comes of one that is under way, and looks
   * for it if that takes too long.
   */
  void stop() throws InterruptedException {
    stopped = true;
    if (result == Result.UNKNOWN
        && !over.await(ANSWERS_WITHIN.toSeconds(), TimeUnit.SECONDS)
        && result == Result.UNKNOWN) {
      find(SEEN_WITHIN).ifPresent(this::launched);
    }
  }
}
