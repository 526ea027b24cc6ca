/** What a person or a script sees: results on stdout, everything else on stderr. */
package hgauto.console;
