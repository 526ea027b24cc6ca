/**
 * Machines that tests can do anything to: processes of this one, with a system, a disk and an
 * address of their own.
 */
package hgauto.testbed.machine;
