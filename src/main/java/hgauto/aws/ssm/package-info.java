/**
 * Systems Manager: whether its agent on a Windows machine is online, and Run Command, which runs
 * scripts there.
 */
package hgauto.aws.ssm;
