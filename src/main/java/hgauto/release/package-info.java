/**
 * The files of a release of Mercurial: their versions, where they are kept and recorded, and what
 * makes them public.
 */
package hgauto.release;
