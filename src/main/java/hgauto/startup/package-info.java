/** What makes the next start faster: the class-data archive and the run it is made from. */
package hgauto.startup;
