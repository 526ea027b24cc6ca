/**
 * Packages of Mercurial for Windows: which there are of a version, and building them on machines.
 */
package hgauto.windows.build;
