/**
 * What is done on Linux machines: making their images, preparing them, running Mercurial's tests.
 */
package hgauto.linux;
