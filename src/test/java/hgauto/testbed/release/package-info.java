/** What publishing is tested with: files of a release, and an index of packages. */
package hgauto.testbed.release;
