/**
 * What is done on Windows machines: opening them by Systems Manager, running scripts there as
 * Administrator, making their images.
 */
package hgauto.windows;
