package hgauto.aws.ssm;

/**
 * How a script that Run Command ran has ended.
 *
 * @param exitCode the script's own; 0 is success
 * @param output the first 24,000 characters of its standard output; Run Command keeps no more
 * @param error the first 8,000 characters of its standard error
 * @param commandId by which Systems Manager knows the command, for {@code aws ssm
 *     get-command-invocation}
 */
public record CommandResult(int exitCode, String output, String error, String commandId) {}
