package io.eksnet.probe.net;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.AbstractScheduledEventExecutor;
import java.util.Queue;

/** The timers of an event loop, which Netty does not expose. */
final class Timers {
  private Timers() {}

  static int waiting(EventLoop loop) {
    try {
      var field = AbstractScheduledEventExecutor.class.getDeclaredField("scheduledTaskQueue");
      field.setAccessible(true);
      var queue = (Queue<?>) field.get(loop);
      return queue == null ? 0 : queue.size();
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }
}
