/**
 * What should change in an account. A plan is computed by pure functions of what was looked up,
 * shown to a person, and carried out as it is.
 */
package hgauto.aws.plan;
