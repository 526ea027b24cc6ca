package hgauto.aws.ensure;

import java.util.Optional;

/**
 * What a command needs, and now is there.
 *
 * @param keyName of the key pair in EC2 that has our key
 * @param securityGroupId such as {@code sg-0a1b}
 * @param profileName of the instance profile, for machines that need one
 */
public record Ensured(String keyName, String securityGroupId, Optional<String> profileName) {}
