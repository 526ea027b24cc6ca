package hgauto.testbed.aws;

import java.lang.reflect.Method;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/** Sees to it that what is said to be lacking in moto is, still. */
final class FailsOnMoto implements InvocationInterceptor {
  @Override
  public void interceptTestMethod(
      Invocation<Void> test, ReflectiveInvocationContext<Method> method, ExtensionContext context)
      throws Throwable {
    if (!method.getExecutable().isAnnotationPresent(MotoLacks.class)) {
      test.proceed();
      return;
    }
    try {
      test.proceed();
    } catch (AssertionError | RuntimeException expected) {
      return;
    }
    throw new AssertionError("moto can do it now: take @MotoLacks away");
  }
}
