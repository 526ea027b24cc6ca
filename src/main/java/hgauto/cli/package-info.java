/** The command line: one small class a subcommand, and the only importer of picocli. */
package hgauto.cli;
