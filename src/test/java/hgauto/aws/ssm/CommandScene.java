package hgauto.aws.ssm;

import com.google.gson.JsonObject;
import hgauto.poll.Poll;
import hgauto.testbed.aws.FakeAccount;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** An account with an instance that is online; time passes by pauses alone. */
abstract class CommandScene {
  static final String INSTANCE = "i-0123456789abcdef0";
  static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Instant START = Instant.parse("2026-11-24T20:15:30Z");

  /** What happens in a pause. */
  interface Meanwhile {
    void happen() throws InterruptedException;
  }

  final FakeAccount aws = new FakeAccount();
  final List<Duration> pauses = new ArrayList<>();
  Meanwhile meanwhile = () -> {};
  private Instant now = START;
  final Poll poll = poll();

  CommandScene() {
    InstantSource clock = () -> now;
    aws.setClock(clock.withZone(ZoneOffset.UTC));
    aws.commands().putOnline(INSTANCE);
  }

  private Poll poll() {
    return new Poll(
        () -> now,
        pause -> {
          pauses.add(pause);
          now = now.plus(pause);
          meanwhile.happen();
        });
  }

  Duration waited() {
    return Duration.between(START, now);
  }

  CommandResult run(Duration atMost, Runnable check) throws InterruptedException {
    return new RunCommand(aws.account(), poll)
        .run(INSTANCE, PowerShellCommand.of("say", "'hello'", new JsonObject()), atMost, check);
  }

  CommandResult run() throws InterruptedException {
    return run(MINUTE, () -> {});
  }

  long calls(String action) {
    return aws.actions().stream().filter(action::equals).count();
  }
}
