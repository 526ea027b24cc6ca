package hgauto.aws.plan;

import java.util.List;

/**
 * What a clean-up does, and what it does not.
 *
 * @param leftOut what of ours stays, and why
 */
public record CleanUp(Plan plan, List<LeftOut> leftOut) {}
