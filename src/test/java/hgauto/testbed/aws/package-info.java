/**
 * AWS accounts for tests: an in-memory one, and moto behind a proxy. What goes wrong in them is
 * said in the same way, and one contract test holds them together.
 */
package hgauto.testbed.aws;
