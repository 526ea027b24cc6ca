package hgauto.release;

import static java.nio.charset.StandardCharsets.UTF_8;

import hgauto.error.EnvironmentException;
import hgauto.machine.Command;
import hgauto.machine.SshMachine;
import hgauto.resource.Resource;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has small scripts of ours look at a web site's folder, where the account has a shell there. */
record SiteShell(SshMachine machine) {
  private static final Logger LOG = LoggerFactory.getLogger(SiteShell.class);
  private static final Duration QUICK = Duration.ofSeconds(30);

  /**
   * What a script prints, and what that shell says of its own accord; nothing if there is no shell.
   *
   * @param script a resource
   * @param path what it looks at
   */
  List<String> ask(String script, String path) throws InterruptedException {
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    try {
      machine.run(
          Command.sh("look", Resource.text(SiteShell.class, script), List.of(path)),
          answer,
          OutputStream.nullOutputStream(),
          QUICK);
    } catch (EnvironmentException e) {
      LOG.debug("the account has no shell", e);
    }
    return answer.toString(UTF_8).lines().toList();
  }
}
