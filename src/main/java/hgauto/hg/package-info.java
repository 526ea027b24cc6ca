/** The local Mercurial checkout: resolve a revision, describe it, bundle it. */
package hgauto.hg;
