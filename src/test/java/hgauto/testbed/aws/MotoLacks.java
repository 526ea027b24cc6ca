package hgauto.testbed.aws;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Moto cannot do this; the test fails on it, and holds on the fake account alone. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@interface MotoLacks {
  /** What moto does instead, or does not know. */
  String value();
}
