package hgauto.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TestArgumentsTest {
  @Test
  void namesOfTestsAreReplacedAndOptionsStay() {
    TestArguments arguments =
        new TestArguments(List.of("-j", "4", "test-a.t", "--timeout=100", "./test-b.py", "-v"));
    assertThat(arguments.named()).containsExactlyInAnyOrder("test-a.t", "test-b.py");
    assertThat(arguments.only(List.of("test-a.t#one", "test-b.py", "test-c.t")))
        .containsExactly(
            "-j", "4", "--timeout=100", "-v", "test-a.t#one", "./test-b.py", "test-c.t");
  }

  @Test
  void aTestIsRunFromTheFolderThatItWasNamedWith() {
    TestArguments arguments = new TestArguments(List.of("../ext/tests/test-x.t#two"));
    assertThat(arguments.only(List.of("test-x.t#two")))
        .containsExactly("../ext/tests/test-x.t#two");
  }

  @Test
  void aKeywordThatLooksLikeATestIsNone() {
    TestArguments arguments = new TestArguments(List.of("-k", "test-a.t"));
    assertThat(arguments.named()).isEmpty();
    assertThat(arguments.only(List.of("test-b.t"))).containsExactly("-k", "test-a.t", "test-b.t");
  }

  @Test
  void listsOfTestsAreReplacedToo() {
    for (List<String> list : List.of(List.of("--test-list=some"), List.of("--test-list", "some"))) {
      TestArguments arguments = new TestArguments(list);
      assertThat(arguments.namesOthers()).isTrue();
      assertThat(arguments.only(List.of("test-b.t"))).containsExactly("test-b.t");
    }
  }

  @Test
  void aFolderMayBeNamedAndANumberIsNone() {
    assertThat(new TestArguments(List.of("-v", "../tests/")).mayNameFolder()).isTrue();
    assertThat(new TestArguments(List.of("-j", "4", "test-a.t")).mayNameFolder()).isFalse();
  }

  @Test
  void theyAreBegunInOrderUnlessAnotherIsAskedFor() {
    assertThat(new TestArguments(List.of("-v")).inOrder(List.of("test-a.t")))
        .containsExactly("--order-by-runtime", "-v", "test-a.t");
    assertThat(new TestArguments(List.of("--random")).inOrder(List.of("test-a.t")))
        .containsExactly("--random", "test-a.t");
  }
}
