package hgauto.machine;

import java.io.EOFException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.sshd.agent.SshAgent;
import org.apache.sshd.agent.SshAgentFactory;
import org.apache.sshd.agent.SshAgentServer;
import org.apache.sshd.agent.common.AbstractAgentProxy;
import org.apache.sshd.common.FactoryManager;
import org.apache.sshd.common.channel.ChannelFactory;
import org.apache.sshd.common.session.ConnectionService;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;

/** Asks a person's ssh-agent. MINA's own way needs a library in C; since Java 16, Java does it. */
final class AgentClient extends AbstractAgentProxy {
  /** OpenSSH's agent sends no more. */
  private static final int LONGEST = 256 << 10;

  private final SocketChannel channel;
  private final List<PublicKey> shown;

  private AgentClient(Path socket, List<PublicKey> shown) throws IOException {
    super(null);
    this.channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
    this.shown = shown;
  }

  /**
   * The keys that an agent has, in its order.
   *
   * @param atMost how long it may take to answer
   */
  static List<PublicKey> keys(Path socket, Duration atMost) throws IOException {
    try (AgentClient agent = new AgentClient(socket, List.of())) {
      CompletableFuture<List<PublicKey>> answer = new CompletableFuture<>();
      Thread asking = new Thread(() -> agent.ask(answer), "ssh-agent");
      asking.setDaemon(true);
      asking.start();
      return answer.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) { // closing the channel has ended the thread
      throw new IOException("it has said nothing for " + atMost.toMillis() + " ms", e);
    } catch (ExecutionException e) {
      throw new IOException(e.getCause().getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private void ask(CompletableFuture<List<PublicKey>> answer) {
    try {
      List<PublicKey> keys = new ArrayList<>();
      super.getIdentities().forEach(identity -> keys.add(identity.getKey()));
      answer.complete(keys);
    } catch (IOException | RuntimeException e) {
      answer.completeExceptionally(e);
    }
  }

  /** Where MINA gets an agent that has these keys, in this order. */
  static SshAgentFactory factory(Path socket, List<PublicKey> shown) {
    return new SshAgentFactory() {
      @Override
      public SshAgent createClient(Session session, FactoryManager manager) throws IOException {
        return new AgentClient(socket, shown);
      }

      @Override
      public List<ChannelFactory> getChannelForwardingFactories(FactoryManager manager) {
        return List.of();
      }

      @Override
      public SshAgentServer createServer(ConnectionService service) {
        throw new UnsupportedOperationException("agents are not forwarded");
      }
    };
  }

  @Override
  public Iterable<? extends Map.Entry<PublicKey, String>> getIdentities() {
    return shown.stream().map(key -> Map.entry(key, "")).toList();
  }

  @Override
  protected synchronized Buffer request(Buffer buffer) throws IOException {
    ByteBuffer question = ByteBuffer.wrap(buffer.array(), buffer.rpos(), buffer.available());
    while (question.hasRemaining()) {
      channel.write(question);
    }
    int length = ByteBuffer.wrap(read(Integer.BYTES)).getInt();
    if (length < 1 || length > LONGEST) {
      throw new IOException("what listens there is no ssh-agent");
    }
    return new ByteArrayBuffer(read(length));
  }

  private byte[] read(int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes) < 0) {
        throw new EOFException("the ssh-agent has closed the connection");
      }
    }
    return bytes.array();
  }

  @Override
  public boolean isOpen() {
    return channel.isOpen();
  }

  @Override
  public void close() throws IOException {
    channel.close();
    super.close();
  }
}
