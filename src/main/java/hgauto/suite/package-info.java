/**
 * Mercurial's tests, on whatever machines: divided over several, their output, verdicts and
 * reports.
 */
package hgauto.suite;
