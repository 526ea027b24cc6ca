package hgauto.aws.lease;

import hgauto.aws.ensure.Ensured;
import hgauto.machine.SshKey;
import java.nio.file.Path;

/**
 * What all machines that a command launches have in common.
 *
 * @param ensured what is in the account for them
 * @param key the key pair's; it opens the machines
 * @param keyFile where its private half is
 * @param terms what the person said
 */
public record LaunchSettings(Ensured ensured, SshKey key, Path keyFile, LaunchTerms terms) {}
