package hgauto.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class MachinesTest {
  private final FakeMachines fake = new FakeMachines(List.of("test-a.t"), Set.of());
  private final Machines machines = new Machines(fake);

  private List<Optional<String>> types() {
    return machines.times().stream().map(MachineTime::type).toList();
  }

  @Test
  void oneThatIsThereStillCountsUntilNow() throws InterruptedException {
    AtomicReference<List<Optional<String>>> whileOpened = new AtomicReference<>();
    fake.opening.put(1, number -> whileOpened.set(types()));
    try (Machines.Machine machine = machines.open(1)) {
      assertThat(machine.runner().name()).isEqualTo("machine 1");
      assertThat(whileOpened.get()).containsExactly(Optional.empty());
      assertThat(types()).containsExactly(Optional.of("type-1"));
      assertThat(machines.times().get(0).duration())
          .isPositive()
          .isLessThan(machines.times().get(0).duration());
    }
    assertThat(types()).containsExactly(Optional.of("type-1"));
    assertThat(machines.times()).isEqualTo(machines.times());
  }

  @Test
  void oneThatCouldNotBeHadCountsUntilThatWasKnown() {
    fake.opening.put(
        1,
        number -> {
          throw FakeMachines.lost(number);
        });
    assertThatThrownBy(() -> machines.open(1)).hasMessageContaining("lost machine 1");
    assertThat(machines.times()).hasSize(1).isEqualTo(machines.times());
  }
}
