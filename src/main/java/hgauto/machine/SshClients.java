package hgauto.machine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.sshd.client.ClientBuilder;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.client.config.hosts.HostConfigEntryResolver;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.cipher.BuiltinCiphers;
import org.apache.sshd.common.cipher.Cipher;
import org.apache.sshd.common.keyprovider.KeyIdentityProvider;
import org.apache.sshd.core.CoreModuleProperties;

/**
 * How MINA is set up: for speed, and so that nothing of the user's own set-up takes part by itself,
 * neither ~/.ssh nor an agent.
 */
final class SshClients {
  private static final long WINDOW_BYTES = 4L << 20;

  /** Twice as much kills sessions with OpenSSH. */
  private static final int PACKET_BYTES = 128 << 10;

  private SshClients() {}

  /** A client that is started; its threads do not keep the process alive. */
  static SshClient start(HostKeyCheck hostKey, KeepAlive keepAlive) {
    SshClient client =
        ClientBuilder.builder()
            .hostConfigEntryResolver(HostConfigEntryResolver.EMPTY)
            .serverKeyVerifier(hostKey)
            .cipherFactories(ciphers())
            .globalRequestHandlers(List.of())
            .build();
    client.setSignatureFactories(hostKey.preferred(client.getSignatureFactories()));
    client.setUserAuthFactories(List.of(UserAuthPublicKeyFactory.INSTANCE));
    client.setKeyIdentityProvider(KeyIdentityProvider.EMPTY_KEYS_PROVIDER);
    CoreModuleProperties.NIO_WORKERS.set(client, 2);
    // Unlike TCP_NODELAY, Nagle's algorithm waits for an answer before a small packet may follow.
    CoreModuleProperties.TCP_NODELAY.set(client, true);
    CoreModuleProperties.WINDOW_SIZE.set(client, WINDOW_BYTES);
    CoreModuleProperties.MAX_PACKET_SIZE.set(client, (long) PACKET_BYTES);
    CoreModuleProperties.NIO2_READ_BUFFER_SIZE.set(client, PACKET_BYTES);
    // A command may print nothing for hours. What is dead is found by asking.
    CoreModuleProperties.IDLE_TIMEOUT.set(client, Duration.ZERO);
    CoreModuleProperties.NIO2_READ_TIMEOUT.set(client, Duration.ZERO);
    CoreModuleProperties.HEARTBEAT_REQUEST.set(client, "keepalive@openssh.com");
    CoreModuleProperties.HEARTBEAT_INTERVAL.set(client, keepAlive.every());
    CoreModuleProperties.HEARTBEAT_NO_REPLY_MAX.set(client, keepAlive.unanswered());
    // A server that does not start a command is to say so.
    CoreModuleProperties.REQUEST_EXEC_REPLY.set(client, true);
    // Whoever logs in has a limit of its own.
    CoreModuleProperties.AUTH_TIMEOUT.set(client, Duration.ZERO);
    client.start();
    return client;
  }

  /** AES in hardware first: MINA's own ChaCha20, its first choice, has half the speed. */
  private static List<NamedFactory<Cipher>> ciphers() {
    List<NamedFactory<Cipher>> ciphers =
        new ArrayList<>(List.of(BuiltinCiphers.aes128gcm, BuiltinCiphers.aes256gcm));
    ClientBuilder.setUpDefaultCiphers(true).stream()
        .filter(cipher -> !ciphers.contains(cipher))
        .forEach(ciphers::add);
    return ciphers;
  }
}
