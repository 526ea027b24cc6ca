/** The files of a release of Mercurial: their versions, and where they are kept and recorded. */
package hgauto.release;
