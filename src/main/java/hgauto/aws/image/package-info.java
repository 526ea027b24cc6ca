/**
 * Machine images: the publishers' that machines start from, and our own, which are made of them
 * once and then found again by what they were made from.
 */
package hgauto.aws.image;
