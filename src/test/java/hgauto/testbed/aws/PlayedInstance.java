package hgauto.testbed.aws;

import hgauto.testbed.SlowLink;
import hgauto.testbed.machine.TestMachine;
import hgauto.testbed.windows.WindowsStandIn;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** An instance that is a machine, as EC2 sees it. */
final class PlayedInstance {
  private final TestMachine machine;
  private final PlayedImage image;
  private final boolean endsAtShutdown;
  private String reason = "";
  private int unnoticedLooks;
  private CompletableFuture<Void> end;
  private volatile WindowsStandIn windows;
  private volatile SlowLink way;

  /**
   * @param endsAtShutdown whether it is terminated when it powers itself off, or just stopped
   */
  PlayedInstance(TestMachine machine, PlayedImage image, boolean endsAtShutdown) {
    this.machine = machine;
    this.image = image;
    this.endsAtShutdown = endsAtShutdown;
  }

  TestMachine machine() {
    return machine;
  }

  /** Its address leads to the machine by that way, which is this object's from now on. */
  void isBehind(SlowLink longWay) {
    way = longWay;
  }

  /** Where others reach it. */
  String address() {
    return way == null ? machine.address() : way.address();
  }

  PlayedImage image() {
    return image;
  }

  /** It stands in for a Windows one. */
  void isWindows(WindowsStandIn standIn) {
    windows = standIn;
  }

  /** What runs our scripts there; empty if it does not stand in for a Windows one. */
  Optional<WindowsStandIn> windows() {
    return Optional.ofNullable(windows);
  }

  boolean endsAtShutdown() {
    return endsAtShutdown;
  }

  /** Its power is cut; EC2 says for so many looks more that it runs. */
  synchronized void interrupt(int looks) {
    unnoticedLooks = looks;
    reason = "Server.SpotInstanceTermination: Spot instance termination";
    machine.cut();
  }

  /** Whether EC2 has yet to do something about its having ended by itself. */
  synchronized boolean endIsNoticed() {
    if (end != null || !machine.ended().isDone()) {
      return false;
    }
    if (unnoticedLooks > 0) {
      unnoticedLooks--;
      return false;
    }
    if (reason.isEmpty()) {
      reason =
          machine
              .bootFailure()
              .map(why -> "Client.InternalError: " + why)
              .orElse("Client.InstanceInitiatedShutdown: Instance initiated shutdown");
    }
    return true;
  }

  /** Begins to end it; only the first time does anything. */
  synchronized void end() {
    if (end == null) {
      if (reason.isEmpty()) {
        reason = "Client.UserInitiatedShutdown: User initiated shutdown";
      }
      end = CompletableFuture.runAsync(this::close);
    }
  }

  private void close() {
    try {
      machine.close();
    } finally {
      if (way != null) {
        way.close();
      }
    }
  }

  /** Ends it, and returns when it is gone. */
  void awaitEnd() {
    end();
    ending().join();
  }

  private synchronized CompletableFuture<Void> ending() {
    return end;
  }

  /** Whether it is on its way to its end. */
  synchronized boolean isEnding() {
    return end != null;
  }

  /** Whether nothing of it is left. */
  synchronized boolean isGone() {
    return end != null && end.isDone();
  }

  /** Why it ends, as EC2 says it: a code, a colon, and more; or nothing. */
  synchronized String reason() {
    return reason;
  }
}
