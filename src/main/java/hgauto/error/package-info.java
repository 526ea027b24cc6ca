/** The failures that people are told of, by whose fault they are. */
package hgauto.error;
