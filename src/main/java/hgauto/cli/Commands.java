package hgauto.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine;

/** The subcommands, in the order of the help. */
final class Commands {
  private final Map<String, Supplier<Object>> byName = new LinkedHashMap<>();

  Commands(Session session) {
    byName.put("try", () -> new TryCommand(session));
    byName.put("try-server", () -> new TryServerCommand(session));
    byName.put("run-tests-linux", () -> new RunTestsLinuxCommand(session));
    byName.put("run-tests-windows", () -> new RunTestsWindowsCommand(session));
    byName.put("check-host", () -> new CheckHostCommand(session));
    byName.put("bootstrap-linux-dev", () -> new BootstrapLinuxDevCommand(session));
    byName.put("bootstrap-windows-dev", () -> new BootstrapWindowsDevCommand(session));
    byName.put("build-all-windows-packages", () -> new BuildAllWindowsPackagesCommand(session));
    byName.put("build-windows-wheel", () -> new BuildWindowsWheelCommand(session));
    byName.put("build-inno", () -> new BuildInnoCommand(session));
    byName.put("build-wix", () -> new BuildWixCommand(session));
    byName.put("publish-windows-artifacts", () -> new PublishWindowsArtifactsCommand(session));
    byName.put("release-status", () -> new ReleaseStatusCommand(session));
    byName.put("list-ec2-resources", () -> new ListEc2ResourcesCommand(session));
    byName.put("terminate-ec2-instances", () -> new TerminateEc2InstancesCommand(session));
    byName.put("purge-ec2-resources", () -> new PurgeEc2ResourcesCommand(session));
    byName.put("generate-completion", CompletionCommand::new);
  }

  /** What lines of the config file begin with that are for commands which were not added. */
  List<String> othersThan(CommandLine root) {
    return byName.keySet().stream()
        .filter(name -> !root.getSubcommands().containsKey(name))
        .map(name -> root.getCommandName() + "." + name + ".")
        .toList();
  }

  /**
   * Adds those commands whose names are among the arguments, or all where there are none. Picocli
   * takes 10 ms to learn a command from its annotations, more than many a run has to wait for.
   */
  void addTo(CommandLine root, List<String> arguments) {
    boolean all =
        arguments.contains("generate-completion")
            || byName.keySet().stream().noneMatch(arguments::contains);
    byName.forEach(
        (name, command) -> {
          if (all || arguments.contains(name)) {
            root.addSubcommand(command.get());
          }
        });
  }
}
