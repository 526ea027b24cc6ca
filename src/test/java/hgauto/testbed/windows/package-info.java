/**
 * What stands in for Windows machines, on which none of the tests runs: Linux ones that do what our
 * scripts would do, and a grammar that the scripts have to meet.
 */
package hgauto.testbed.windows;
