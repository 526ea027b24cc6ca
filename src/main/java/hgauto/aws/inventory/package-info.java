/** What there is in an account: everything that is ours, read in one parallel sweep. */
package hgauto.aws.inventory;
