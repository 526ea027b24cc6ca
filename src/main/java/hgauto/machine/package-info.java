/** The remote-machine layer; the only importer of MINA SSHD. */
package hgauto.machine;
