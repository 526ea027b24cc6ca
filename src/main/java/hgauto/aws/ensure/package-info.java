/**
 * Makes that there is in an account what a command needs: creates what is missing and mends what
 * differs. It looks, plans by pure functions, and applies.
 */
package hgauto.aws.ensure;
