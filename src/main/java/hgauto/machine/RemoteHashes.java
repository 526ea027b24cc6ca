package hgauto.machine;

import static java.nio.charset.StandardCharsets.UTF_8;

import hgauto.error.EnvironmentException;
import hgauto.machine.SftpTransfers.Transfer;
import hgauto.resource.Resource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The SHA-256 of files on a machine: by a program there, where the account has a shell and that has
 * one, else by reading the files.
 */
final class RemoteHashes {
  private static final Logger LOG = LoggerFactory.getLogger(RemoteHashes.class);

  private static final String SCRIPT = "hash-files.sh";

  /** Some gigabytes take a minute. */
  private static final Duration HASHED_WITHIN = Duration.ofMinutes(10);

  private final RemoteCommands commands;
  private final SftpTransfers transfers;

  RemoteHashes(RemoteCommands commands, SftpTransfers transfers) {
    this.commands = commands;
    this.transfers = transfers;
  }

  /** See {@link SshMachine#sha256}. */
  Map<String, String> of(List<String> files, TransferProgress progress)
      throws InterruptedException {
    Optional<Map<String, String>> told = files.isEmpty() ? Optional.empty() : ask(files, progress);
    return told.isPresent() ? told.get() : read(files, progress);
  }

  /** Empty where no program there tells. */
  private Optional<Map<String, String>> ask(List<String> files, TransferProgress progress)
      throws InterruptedException {
    Answer answer = new Answer(files, progress);
    Tail complaint = new Tail();
    try {
      Command command = Command.sh("sha256sum", Resource.text(RemoteHashes.class, SCRIPT), files);
      int code = commands.run(command, answer, complaint, HASHED_WITHIN);
      if (code == 0 && answer.isWhole()) {
        LOG.debug("sha256sum on the machine has hashed {} files", files.size());
        return Optional.of(answer.hashes);
      }
      LOG.debug("no sha256sum on the machine: exit code {}{}", code, complaint.after(": "));
    } catch (EnvironmentException e) {
      LOG.debug("no sha256sum on the machine", e);
    }
    return Optional.empty();
  }

  private Map<String, String> read(List<String> files, TransferProgress progress)
      throws InterruptedException {
    LOG.debug("read {} files to hash them", files.size());
    Map<String, String> hashes = new ConcurrentHashMap<>();
    transfers.run(
        files.stream()
            .map(
                file ->
                    new Transfer(
                        "read " + file,
                        file,
                        (sftp, unfinished) -> {
                          long size = sftp.stat(file).getSize();
                          DigestChannel digest =
                              new DigestChannel(bytes -> progress.sent(file, bytes, size));
                          SftpDownload.fetch(sftp, file, digest, Long.MAX_VALUE);
                          hashes.put(file, digest.sha256());
                        }))
            .toList());
    return hashes;
  }

  /** What hash-files.sh prints. Where it is anything else, it is not taken for an answer. */
  private static final class Answer extends OutputStream {
    private static final Pattern SIZE = Pattern.compile(" *([0-9]{1,18})");
    private static final Pattern HASH = Pattern.compile("([0-9a-f]{64})\\b.*");
    private static final int LONGEST = 100;

    private final List<String> files;
    private final TransferProgress progress;
    private final Map<String, String> hashes = new LinkedHashMap<>();
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private long size = -1;

    Answer(List<String> files, TransferProgress progress) {
      this.files = files;
      this.progress = progress;
    }

    boolean isWhole() {
      return hashes.size() == files.size() && line.size() == 0;
    }

    @Override
    public void write(int b) throws IOException {
      if (b != '\n') {
        line.write(b);
        return;
      }
      take(line.toString(UTF_8));
      line.reset();
    }

    private void take(String text) throws IOException {
      Matcher told = (size < 0 ? SIZE : HASH).matcher(text);
      if (text.length() > LONGEST || hashes.size() == files.size() || !told.matches()) {
        throw new IOException("this is no answer of ours: " + text);
      }
      String file = files.get(hashes.size());
      if (size < 0) {
        size = Long.parseLong(told.group(1));
        progress.sent(file, 0, size);
      } else {
        hashes.put(file, told.group(1));
        progress.sent(file, size, size);
        size = -1;
      }
    }
  }
}
