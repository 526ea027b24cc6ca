package hgauto.machine;

import hgauto.error.EnvironmentException;
import hgauto.machine.SftpTransfers.Transfer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.sshd.sftp.client.SftpClient.Attributes;
import org.apache.sshd.sftp.client.SftpClient.CloseableHandle;
import org.apache.sshd.sftp.client.SftpClient.DirEntry;
import org.apache.sshd.sftp.client.extensions.openssh.OpenSSHPosixRenameExtension;
import org.apache.sshd.sftp.client.impl.AbstractSftpClient;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.common.SftpException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which names there are on a machine, and what each stands for. Safe for several threads. */
final class SftpNames {
  private static final Logger LOG = LoggerFactory.getLogger(SftpNames.class);
  private static final Set<String> FOLDERS_THEMSELVES = Set.of(".", "..");

  private final SftpTransfers transfers;
  private final SshAddress machine;

  SftpNames(SftpTransfers transfers, SshAddress machine) {
    this.transfers = transfers;
    this.machine = machine;
  }

  /** See {@link SshMachine#stat}. */
  Optional<RemoteStat> stat(String remote) throws InterruptedException {
    return ask("look at " + remote, remote, sftp -> stat(sftp, remote));
  }

  private static Optional<RemoteStat> stat(AbstractSftpClient sftp, String remote)
      throws IOException {
    Optional<Attributes> found = unlessMissing(() -> sftp.stat(remote));
    if (found.isEmpty()) { // or it is a link to nothing
      found = unlessMissing(() -> sftp.lstat(remote));
    }
    return found.map(SftpNames::stat);
  }

  private static RemoteStat stat(Attributes what) {
    return new RemoteStat(
        what.getSize(),
        what.isRegularFile(),
        (what.getPermissions() & SftpConstants.S_ISVTX) != 0,
        what.getUserId());
  }

  /** See {@link SshMachine#link}. */
  Optional<String> link(String remote) throws InterruptedException {
    return ask("look at " + remote, remote, sftp -> link(sftp, remote));
  }

  private static Optional<String> link(AbstractSftpClient sftp, String remote) throws IOException {
    boolean link =
        unlessMissing(() -> sftp.lstat(remote)).filter(Attributes::isSymbolicLink).isPresent();
    return link ? unlessMissing(() -> sftp.readLink(remote)) : Optional.empty();
  }

  /** See {@link SshMachine#list}. */
  SortedMap<String, RemoteStat> list(String folder) throws InterruptedException {
    return ask("list " + folder, folder, sftp -> list(sftp, folder));
  }

  private static SortedMap<String, RemoteStat> list(AbstractSftpClient sftp, String folder)
      throws IOException {
    SortedMap<String, RemoteStat> found = new TreeMap<>();
    List<String> links = new ArrayList<>();
    try (CloseableHandle handle = sftp.openDir(folder)) {
      for (List<DirEntry> some = sftp.readDir(handle); some != null; some = sftp.readDir(handle)) {
        for (DirEntry entry : some) {
          found.put(entry.getFilename(), stat(entry.getAttributes()));
          if (entry.getAttributes().isSymbolicLink()) {
            links.add(entry.getFilename());
          }
        }
      }
    }
    found.keySet().removeAll(FOLDERS_THEMSELVES);
    for (String link : links) {
      try {
        stat(sftp, folder + "/" + link).ifPresent(behind -> found.put(link, behind));
      } catch (SftpException e) {
        LOG.debug("nobody knows where {} leads", link, e);
      }
    }
    return found;
  }

  /** See {@link SshMachine#create}. */
  void create(String remote, byte[] content, int mode) throws InterruptedException {
    String beside = beside(remote);
    String deed = "create " + remote;
    transfers.run(
        List.of(
            new Transfer(
                deed,
                remote,
                (sftp, unfinished) -> {
                  unfinished.add(beside);
                  SftpUploadRest.sendAll(sftp, beside, content, mode);
                  rename(sftp, deed, beside, remote);
                  unfinished.remove(beside);
                })));
  }

  private static String beside(String remote) {
    return remote.substring(0, remote.lastIndexOf('/') + 1) + ".hgauto-" + UUID.randomUUID();
  }

  /** See {@link SshMachine#rename}. */
  void rename(String from, String to) throws InterruptedException {
    String deed = "rename " + from + " to " + to;
    transfers.run(
        List.of(new Transfer(deed, to, (sftp, unfinished) -> rename(sftp, deed, from, to))));
  }

  /** SFTP 3 has one word, "Failure", for whatever is in the way. */
  private void rename(AbstractSftpClient sftp, String deed, String from, String to)
      throws IOException {
    try {
      sftp.rename(from, to);
    } catch (SftpException e) {
      if (e.getStatus() == SftpConstants.SSH_FX_FAILURE && isThere(sftp, to)) {
        throw new FileThereException("cannot " + deed + " (" + machine + ")", to, e);
      }
      throw e;
    }
  }

  /** See {@link SshMachine#canReplace}. */
  boolean canReplace() throws InterruptedException {
    return ask("ask for the abilities of SFTP", ".", sftp -> replacing(sftp).isPresent());
  }

  /** See {@link SshMachine#replace}. */
  void replace(String from, String to) throws InterruptedException {
    String deed = "replace " + to + " by " + from;
    transfers.run(
        List.of(
            new Transfer(
                deed,
                to,
                (sftp, unfinished) ->
                    replacing(sftp)
                        .orElseThrow(() -> cannotReplace("cannot " + deed + " (" + machine + ")"))
                        .posixRename(from, to))));
  }

  private static EnvironmentException cannotReplace(String what) {
    return new EnvironmentException(
        what,
        "its SFTP server does not have posix-rename@openssh.com, which replaces a file at once",
        "Have it run OpenSSH's, and not refuse that (-P in sftp-server(8)).");
  }

  private static Optional<OpenSSHPosixRenameExtension> replacing(AbstractSftpClient sftp) {
    return Optional.ofNullable(sftp.getExtension(OpenSSHPosixRenameExtension.class))
        .filter(OpenSSHPosixRenameExtension::isSupported);
  }

  /** See {@link SshMachine#remove}. */
  void remove(String remote) throws InterruptedException {
    transfers.run(
        List.of(
            new Transfer(
                "remove " + remote,
                remote,
                (sftp, unfinished) ->
                    unlessMissing(
                        () -> {
                          sftp.remove(remote);
                          return remote;
                        }))));
  }

  private static boolean isThere(AbstractSftpClient sftp, String remote) throws IOException {
    return unlessMissing(() -> sftp.lstat(remote)).isPresent();
  }

  /** Asks the server about a file. */
  @FunctionalInterface
  interface Look<T> {
    T now() throws IOException;
  }

  /** Empty where the server says that there is no such file. */
  static <T> Optional<T> unlessMissing(Look<T> look) throws IOException {
    try {
      return Optional.of(look.now());
    } catch (SftpException e) {
      if (e.getStatus() == SftpConstants.SSH_FX_NO_SUCH_FILE) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Asks the server something on a channel. */
  @FunctionalInterface
  private interface Question<T> {
    T on(AbstractSftpClient sftp) throws IOException;
  }

  private <T> T ask(String deed, String remote, Question<T> question) throws InterruptedException {
    AtomicReference<T> answer = new AtomicReference<>();
    transfers.run(
        List.of(new Transfer(deed, remote, (sftp, unfinished) -> answer.set(question.on(sftp)))));
    return answer.get();
  }
}
