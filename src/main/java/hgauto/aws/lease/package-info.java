/**
 * Machines that cost money, and how none of them is forgotten: what is launched is in a journal
 * before AWS hears of it, and ends by our hand, by its own, or by the next command's.
 */
package hgauto.aws.lease;
