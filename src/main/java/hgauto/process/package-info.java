/** Programs on this machine, run to their end. */
package hgauto.process;
