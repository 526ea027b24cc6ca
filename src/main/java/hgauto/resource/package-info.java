/** The files in the jar that are no classes: scripts for other machines, and data. */
package hgauto.resource;
