/** Mercurial's tests on Windows machines: preparing them, and running run-tests.py there. */
package hgauto.windows.test;
