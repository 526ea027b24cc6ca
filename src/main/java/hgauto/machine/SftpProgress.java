package hgauto.machine;

import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.sshd.client.channel.ClientChannel;
import org.apache.sshd.sftp.client.impl.AbstractSftpClient;

/**
 * Whether anything goes on on some channels. Whatever is sent or comes changes how much more may,
 * so this sees each answer of the server, and data that are on their way slowly. For one thread.
 */
final class SftpProgress {
  private final Duration patience;
  private Set<String> seen = Set.of();
  private Deadline deadline;

  /**
   * Begins now.
   *
   * @param patience how long nothing may go on
   */
  SftpProgress(Duration patience) {
    this.patience = patience;
    this.deadline = Deadline.in(patience);
  }

  /** Looks; to be called often. Without channels, there is nothing to go on. */
  boolean isStalled(Set<AbstractSftpClient> busy) {
    Set<String> now = busy.stream().map(SftpProgress::state).collect(Collectors.toSet());
    if (now.isEmpty() || !now.equals(seen)) {
      seen = now;
      deadline = Deadline.in(patience);
      return false;
    }
    return deadline.over();
  }

  private static String state(AbstractSftpClient sftp) {
    ClientChannel channel = sftp.getClientChannel();
    return System.identityHashCode(channel)
        + " "
        + channel.getLocalWindow().getSize()
        + " "
        + channel.getRemoteWindow().getSize();
  }
}
