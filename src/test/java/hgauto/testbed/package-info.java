/** What the tests need from the machine they run on. */
package hgauto.testbed;
