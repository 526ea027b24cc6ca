package hgauto.aws;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Does several things at once: AWS's answers take longer than all that we do with them. */
public final class Parallel {
  /** EC2 answers a hundred requests at once, and then ten a second. */
  private static final int THREADS = 32;

  private static final ExecutorService POOL =
      Executors.newFixedThreadPool(
          THREADS,
          work -> {
            Thread thread = new Thread(work, "parallel");
            thread.setDaemon(true);
            return thread;
          });

  private Parallel() {}

  /**
   * Starts it. It must not itself wait for something started here, or all threads could wait.
   *
   * @return to be given to {@link #get}
   */
  public static <T> Future<T> start(Callable<T> work) {
    return POOL.submit(work);
  }

  /** Its result, once it is there; throws what it threw. */
  public static <T> T get(Future<T> started) throws InterruptedException {
    try {
      return started.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException known) {
        throw known;
      }
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  /**
   * All results, in the order of the work. All of it comes to its end, whatever fails; then the
   * first failure is thrown.
   */
  public static <T> List<T> all(List<? extends Callable<T>> work) throws InterruptedException {
    List<T> results = new ArrayList<>();
    for (Future<T> done : POOL.invokeAll(work)) {
      results.add(get(done));
    }
    return results;
  }
}
