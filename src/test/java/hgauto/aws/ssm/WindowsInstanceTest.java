package hgauto.aws.ssm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import hgauto.error.EnvironmentException;
import hgauto.error.HgautoException;
import hgauto.error.UsageException;
import hgauto.testbed.aws.Fault;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.ec2.model.IamInstanceProfile;
import software.amazon.awssdk.services.ec2.model.Instance;

class WindowsInstanceTest extends CommandScene {
  private String put(Consumer<Instance.Builder> change) {
    return aws.contents()
        .putInstance(
            instance -> {
              instance.platform("windows").iamInstanceProfile(p -> p.arn("arn:p"));
              change.accept(instance);
            });
  }

  private WindowsInstance instance(String id) {
    return new WindowsInstance(aws.account(), poll, id);
  }

  private <E extends HgautoException> E failure(Class<E> type, String id) {
    return catchThrowableOfType(type, () -> instance(id).assureOnline());
  }

  @Test
  void oneThatIsOnlineTellsItsAgentAndItsSystem() {
    String id = put(it -> {});
    aws.commands().putOnline(id);
    assertThat(instance(id).assureOnline())
        .isEqualTo("online, version 3.3.1611.0, on Microsoft Windows Server 2022 Datacenter");
    assertThat(instance(id)).hasToString(id + " in us-west-2");
  }

  @Test
  void oneThatIsNotThereIsAMistake() {
    UsageException failure = failure(UsageException.class, "i-0fedcba9876543210");
    assertThat(failure.what()).isEqualTo("there is no instance i-0fedcba9876543210 in us-west-2");
    assertThat(failure.next()).contains("--aws-region", "list-ec2-resources --all-regions");
  }

  @Test
  void aLinuxOneIsAMistakeThoughItsAgentIsOnline() {
    String id = put(it -> it.platform((String) null));
    aws.commands().putOnline(id);
    UsageException failure = failure(UsageException.class, id);
    assertThat(failure.what()).isEqualTo(id + " in us-west-2 is not a Windows machine");
    assertThat(failure.next()).contains("hgauto check-host ssh://hg@");
  }

  @ParameterizedTest
  @CsvSource({
    "stopped, aws ec2 start-instances --region us-west-2 --instance-ids i-",
    "terminated, It does not come back"
  })
  void oneThatDoesNotRunIsToldWithWhatToDo(String state, String next) {
    String id = put(it -> it.state(s -> s.name(state)));
    EnvironmentException failure = failure(EnvironmentException.class, id);
    assertThat(failure.what()).isEqualTo(id + " in us-west-2 is not running");
    assertThat(failure.why()).isEqualTo("it is " + state);
    assertThat(failure.next()).contains(next);
    assertThat(calls("ssm:DescribeInstanceInformation")).isZero();
  }

  @Test
  void oneWhoseConnectionIsLostIsToldSo() {
    String id = put(it -> {});
    aws.commands().putOnline(id);
    aws.commands().loseConnection(id);
    EnvironmentException failure = failure(EnvironmentException.class, id);
    assertThat(failure.what()).isEqualTo(id + " in us-west-2 is not online in Systems Manager");
    assertThat(failure.why()).startsWith("its agent is ConnectionLost");
    assertThat(failure.next()).contains("Restart-Service -Name AmazonSSMAgent");
  }

  @Test
  void oneWithoutAnInstanceProfileIsToldHowToGetOne() {
    String without = put(it -> it.iamInstanceProfile((IamInstanceProfile) null));
    EnvironmentException failure = failure(EnvironmentException.class, without);
    assertThat(failure.why()).isEqualTo("Systems Manager has not heard of its agent");
    assertThat(failure.next())
        .contains(
            "aws ec2 associate-iam-instance-profile --iam-instance-profile Name=hg-ephemeral-ec2-1"
                + " --region us-west-2 --instance-id "
                + without);
  }

  @Test
  void aMissingPermissionIsTold() {
    aws.onCall("ec2:DescribeInstances", Fault.FORBIDDEN);
    assertThat(failure(EnvironmentException.class, INSTANCE).next())
        .contains("Allow ec2:DescribeInstances");
  }
}
