package hgauto.task;

import hgauto.suite.TestFlags;
import java.nio.file.Path;

/**
 * What to test, wherever that is.
 *
 * @param folder in the checkout
 * @param revision names one changeset
 * @param includeUncommitted whether to test what is not committed, too
 * @param flags for run-tests.py
 */
public record TestsRequest(
    Path folder, String revision, boolean includeUncommitted, TestFlags flags) {}
