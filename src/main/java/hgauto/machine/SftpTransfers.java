package hgauto.machine;

import hgauto.error.HgautoException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.sftp.client.impl.AbstractSftpClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Divides transfers over as many channels as are worth it. Safe for use by several threads. */
final class SftpTransfers {
  private static final Logger LOG = LoggerFactory.getLogger(SftpTransfers.class);

  /** How long a transfer may wait for a channel. */
  private static final Duration FREE = Duration.ofSeconds(30);

  /** How often it is looked whether transfers make progress. */
  private static final Duration LOOK = Duration.ofMillis(200);

  /** The caller may be waiting for the end of the process. */
  private static final Duration TIDIED = Duration.ofSeconds(5);

  /**
   * One file.
   *
   * @param deed what is done: "send a to b"
   * @param remote the file there
   */
  record Transfer(String deed, String remote, Way way) {}

  /** Carries it out. */
  @FunctionalInterface
  interface Way {
    /**
     * Returns when all of it has arrived.
     *
     * @param unfinished the names of files there that must not stay if this fails
     */
    void go(AbstractSftpClient sftp, Set<String> unfinished) throws IOException;
  }

  /** Those that have nothing to do end after a minute. */
  private static final ExecutorService THREADS =
      Executors.newCachedThreadPool(SftpTransfers::thread);

  /** The transfers of one call. */
  private static final class Work {
    private final Queue<Transfer> left;
    private final ConcurrentHashMap<AbstractSftpClient, Transfer> busy = new ConcurrentHashMap<>();
    private final Set<String> unfinished = ConcurrentHashMap.newKeySet();

    Work(Queue<Transfer> left) {
      this.left = left;
    }

    /** One to carry out on that channel; null if none is left. */
    synchronized Transfer next(AbstractSftpClient sftp) {
      Transfer next = left.poll();
      if (next != null) {
        busy.put(sftp, next); // or giveUp would not know of it
      }
      return next;
    }

    /** What goes on. */
    List<String> deeds() {
      return busy.values().stream().map(Transfer::deed).toList();
    }

    /** Ends what goes on by ending its channels: see {@link SftpChannels#open} for why. */
    synchronized void giveUp() {
      left.clear();
      busy.keySet().forEach(SftpChannels::abandon);
    }
  }

  /** Others were faster than the server was with a channel. */
  private static final class NothingLeftException extends IOException {}

  private final ClientSession session;
  private final Channels all;
  private final SftpChannels channels;
  private final SftpFailure failure;
  private final Duration stalled;

  /**
   * @param session is logged in
   * @param all what else there is on the connection, too
   * @param channels those for files
   * @param stalled how long a call's transfers may make no progress
   */
  SftpTransfers(
      ClientSession session,
      Channels all,
      SftpChannels channels,
      SftpFailure failure,
      Duration stalled) {
    this.session = session;
    this.all = all;
    this.channels = channels;
    this.failure = failure;
    this.stalled = stalled;
  }

  /**
   * Carries all of them out. After the first failure, if none makes progress, or if the calling
   * thread is interrupted, the others are given up.
   */
  void run(List<Transfer> transfers) throws InterruptedException {
    Work work = new Work(new ConcurrentLinkedQueue<>(transfers));
    CompletionService<Void> workers = new ExecutorCompletionService<>(THREADS);
    int busy = 0;
    try {
      workers.submit(() -> takePart(work));
      busy++;
      int others = transfers.size() < 2 ? 0 : Math.min(transfers.size(), worthwhile()) - 1;
      for (int count = 0; count < others; count++) {
        workers.submit(() -> takePart(work));
        busy++;
      }
      SftpProgress progress = new SftpProgress(stalled);
      while (busy > 0) {
        Future<Void> worker = workers.poll(LOOK.toMillis(), TimeUnit.MILLISECONDS);
        if (worker != null) {
          busy--;
          worker.get();
        } else if (progress.isStalled(work.busy.keySet())) {
          throw failure.ofStalling(work.deeds(), stalled);
        }
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof HgautoException told) {
        throw told;
      }
      throw new IllegalStateException(e.getCause());
    } finally {
      work.giveUp();
      tidy(workers, busy, work.unfinished);
    }
  }

  private int worthwhile() {
    try {
      return channels.worthwhile();
    } catch (IOException e) {
      throw failure.ofOpening(e);
    }
  }

  private Void takePart(Work work) throws InterruptedException {
    try {
      return all.with(FREE, () -> channelFor(work), sftp -> carryOut(work, sftp));
    } catch (NothingLeftException e) {
      return null;
    } catch (Channels.NoneFreeException e) {
      if (!work.busy.isEmpty()) { // who has a channel does it all
        return null;
      }
      throw failure.ofWaiting(e);
    } catch (IOException e) {
      throw failure.ofOpening(e);
    }
  }

  private AbstractSftpClient channelFor(Work work) throws IOException {
    if (work.left.isEmpty()) {
      throw new NothingLeftException();
    }
    return channels.open();
  }

  private Void carryOut(Work work, AbstractSftpClient sftp) {
    boolean whole = false;
    try {
      for (Transfer next = work.next(sftp); next != null; next = work.next(sftp)) {
        carryOut(next, sftp, work.unfinished);
      }
      whole = true;
      return null;
    } finally {
      work.busy.remove(sftp);
      if (whole) {
        channels.giveBack(sftp);
      } else {
        SftpChannels.abandon(sftp);
      }
    }
  }

  private void carryOut(Transfer transfer, AbstractSftpClient sftp, Set<String> unfinished) {
    try {
      transfer.way().go(sftp, unfinished);
    } catch (IOException e) {
      throw failure.of(transfer.deed(), transfer.remote(), sftp, e);
    }
  }

  /** Waits for the end of what goes on, and removes what that has left there, if it can. */
  private void tidy(CompletionService<Void> workers, int busy, Set<String> unfinished)
      throws InterruptedException {
    long end = System.nanoTime() + TIDIED.toNanos();
    int left = busy;
    while (left > 0 && workers.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS) != null) {
      left--;
    }
    if (!unfinished.isEmpty() && left == 0 && session.isOpen()) {
      Thread tidying = thread(() -> remove(unfinished));
      tidying.start();
      tidying.join(TIDIED.toMillis());
    }
  }

  private void remove(Set<String> unfinished) {
    try {
      all.with(TIDIED, channels::open, sftp -> remove(unfinished, sftp));
    } catch (IOException | InterruptedException | HgautoException e) {
      LOG.debug("{} may be left on the machine", unfinished, e);
    }
  }

  private Void remove(Set<String> unfinished, AbstractSftpClient sftp) throws IOException {
    for (String file : unfinished) {
      sftp.remove(file);
    }
    channels.giveBack(sftp);
    return null;
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "sftp");
    thread.setDaemon(true);
    return thread;
  }
}
