/** The self-hosted Try Server: accepts a submission, queues it, runs its tests and shows them. */
package hgauto.tryserver;
