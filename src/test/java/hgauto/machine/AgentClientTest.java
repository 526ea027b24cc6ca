package hgauto.machine;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class AgentClientTest {
  @TempDir Path folder;

  @Test
  @Timeout(60)
  void anAgentThatDoesNotAnswerIsNotWaitedForForEver() throws IOException {
    Path socket = folder.resolve("agent");
    try (ServerSocketChannel agent = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      agent.bind(UnixDomainSocketAddress.of(socket)); // it takes connections, and is silent

      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> AgentClient.keys(socket, Duration.ofMillis(100)))
          .withMessage("it has said nothing for 100 ms");
    }
  }
}
