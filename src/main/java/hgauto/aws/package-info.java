/**
 * The AWS service layer, and the only importer of the SDK: the caller's account, the Lambda
 * function that takes submissions, and the check of signatures for a server that stands in for it.
 */
package hgauto.aws;
