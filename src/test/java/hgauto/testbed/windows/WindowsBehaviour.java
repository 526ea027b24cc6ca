package hgauto.testbed.windows;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** What scripts do on all machines that stand in for Windows ones, as a test wants it. */
public final class WindowsBehaviour {
  private final Map<String, Play> plays = new ConcurrentHashMap<>();
  private final Map<String, PackageFault> faults = new ConcurrentHashMap<>();
  private volatile Duration buildTime = Duration.ZERO;
  private volatile int packageSize = 12_000;

  /** From now on that script does this, such as {@code bootstrap-windows.ps1}. */
  public void play(String script, Play play) {
    plays.put(script, play);
  }

  /** From now on that script does what it usually does. */
  public void playUsually(String script) {
    plays.remove(script);
  }

  /** From now on the build of that package has this fault; the name is that of its file. */
  public void breakBuild(String packageName, PackageFault fault) {
    faults.put(packageName, fault);
  }

  /** From now on all builds go well. */
  public void mendBuilds() {
    faults.clear();
  }

  /** From now on each build takes so long. */
  public void buildsTake(Duration time) {
    buildTime = time;
  }

  /** From now on packages have so many bytes. */
  public void packagesHave(int bytes) {
    packageSize = bytes;
  }

  Optional<Play> play(String script) {
    return Optional.ofNullable(plays.get(script));
  }

  Optional<PackageFault> fault(String packageName) {
    return Optional.ofNullable(faults.get(packageName));
  }

  Duration buildTime() {
    return buildTime;
  }

  int packageSize() {
    return packageSize;
  }
}
