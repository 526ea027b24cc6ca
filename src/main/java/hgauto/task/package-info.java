/** One class per job that a person knows. No command-line library, no AWS SDK in here. */
package hgauto.task;
