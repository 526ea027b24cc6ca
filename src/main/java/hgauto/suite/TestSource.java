package hgauto.suite;

import hgauto.hg.Changeset;
import hgauto.hg.Checkout;
import java.util.Optional;

/**
 * What is to be tested.
 *
 * @param checkout has it
 * @param changeset to be pushed
 * @param uncommitted a patch for {@code hg import} on top of it; empty if there is none
 */
public record TestSource(Checkout checkout, Changeset changeset, Optional<byte[]> uncommitted) {}
