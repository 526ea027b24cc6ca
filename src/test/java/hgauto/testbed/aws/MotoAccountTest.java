package hgauto.testbed.aws;

import hgauto.aws.Account;
import hgauto.aws.Clients;
import java.time.Clock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;

/** The contract on moto behind the proxy. */
@ExtendWith(FailsOnMoto.class)
class MotoAccountTest extends AccountContractTest {
  private final AwsProxy proxy = new AwsProxy();

  @AfterEach
  void close() {
    proxy.close();
  }

  @Override
  public Clients clients() {
    return proxy.clients();
  }

  @Override
  public Account account() {
    return proxy.account();
  }

  @Override
  public FaultyCalls calls() {
    return proxy;
  }

  @Override
  public String image() {
    return AwsProxy.DEBIAN;
  }

  @Override
  public PlayedCommands commands() {
    return proxy.commands();
  }

  @Override
  public void setClock(Clock clock) {
    proxy.setClock(clock);
  }
}
