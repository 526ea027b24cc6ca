/** The one waiting idiom. */
package hgauto.poll;
