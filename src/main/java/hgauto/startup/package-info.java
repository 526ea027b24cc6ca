/** What makes the next start faster. */
package hgauto.startup;
