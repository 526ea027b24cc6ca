package hgauto.process;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/**
 * Learns of Ctrl-C. The JVM itself passes over a second one, and has no public way to learn of it;
 * so this is {@code sun.misc.Signal} of its module jdk.unsupported, by reflection, since the
 * compiler warns of every other use, and cannot be told not to.
 */
final class Sigint {
  private Sigint() {}

  /**
   * From now on a Ctrl-C is told before the JVM acts on it as ever. Where the JVM leaves signals
   * alone, as in a job that runs behind {@code nohup}, nothing is ever told.
   *
   * @param told in a thread of its own each time
   */
  static void tell(Runnable told) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object sigint = signal.getConstructor(String.class).newInstance("INT");
      Object[] before = new Object[1];
      Object ours =
          Proxy.newProxyInstance(
              handler.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, arguments) -> {
                told.run();
                return handler.getMethod("handle", signal).invoke(before[0], sigint);
              });
      before[0] = signal.getMethod("handle", signal, handler).invoke(null, sigint, ours);
    } catch (InvocationTargetException e) {
      if (!(e.getCause() instanceof IllegalArgumentException)) { // -Xrs: no signals
        throw new IllegalStateException(e.getCause());
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("a JVM without sun.misc.Signal", e);
    }
  }
}
