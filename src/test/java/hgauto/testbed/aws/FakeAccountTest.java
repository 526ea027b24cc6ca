package hgauto.testbed.aws;

import hgauto.aws.Account;
import hgauto.aws.Clients;
import java.time.Clock;

/** The contract on the account in memory. */
class FakeAccountTest extends AccountContractTest {
  private final FakeAccount fake = new FakeAccount(REGION, "us-east-1");
  private final String image = fake.contents().putImage("debian-12", i -> {});

  FakeAccountTest() {
    fake.contents().putParameter("/aws/service/debian/release/12/latest/amd64", image);
  }

  @Override
  public Clients clients() {
    return fake;
  }

  @Override
  public Account account() {
    return fake.account();
  }

  @Override
  public FaultyCalls calls() {
    return fake;
  }

  @Override
  public String image() {
    return image;
  }

  @Override
  public PlayedCommands commands() {
    return fake.commands();
  }

  @Override
  public void setClock(Clock clock) {
    fake.setClock(clock);
  }
}
