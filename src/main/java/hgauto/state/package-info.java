/** The state folder: what hgauto remembers between runs, private and written atomically. */
package hgauto.state;
