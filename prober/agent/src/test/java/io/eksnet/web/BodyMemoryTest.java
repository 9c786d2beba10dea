package io.eksnet.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BodyMemoryTest {
  private static final long KIB = 1_024;

  private final BodyMemory memory = new BodyMemory(100 * KIB);
  private final List<String> closed = new ArrayList<>();

  @Test
  void closesTheReadersOfTheOldestBody() {
    var oldest = memory.body(40 * KIB);
    oldest.addReader(reader("a"));
    oldest.addReader(reader("b"));
    memory.body(40 * KIB).addReader(reader("c"));
    assertThat(closed).isEmpty();

    memory.body(40 * KIB).addReader(reader("d"));

    assertThat(closed).containsExactlyInAnyOrder("a", "b");
  }

  @Test
  void countsASharedBodyOnceUntilItsLastReaderHasEnded() {
    var shared = memory.body(60 * KIB);
    var first = reader("a");
    var second = reader("b");
    shared.addReader(first);
    shared.addReader(second);
    shared.removeReader(first);
    shared.removeReader(first);
    memory.body(40 * KIB).addReader(reader("c"));
    assertThat(closed).isEmpty();

    shared.removeReader(second);
    memory.body(60 * KIB).addReader(reader("d"));
    assertThat(closed).isEmpty();
  }

  @Test
  void sendsASingleBodyOfAnySize() {
    memory.body(1_000 * KIB).addReader(reader("a"));
    assertThat(closed).isEmpty();

    memory.body(20 * KIB).addReader(reader("b"));
    assertThat(closed).containsExactly("a");
  }

  @Test
  void ignoresSmallBodies() {
    for (var i = 0; i < 1_000; i++) {
      memory.body(10 * KIB).addReader(reader("small " + i));
    }
    assertThat(closed).isEmpty();
  }

  private Runnable reader(String name) {
    return () -> closed.add(name);
  }
}
