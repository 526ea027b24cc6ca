package hgauto;

import static org.assertj.core.api.Assertions.assertThat;

import hgauto.release.Manifest;
import hgauto.testbed.HgRepository;
import hgauto.testbed.HgautoProgram;
import hgauto.testbed.HgautoProgram.Result;
import hgauto.testbed.WindowsSource;
import hgauto.testbed.aws.AwsProxy;
import hgauto.windows.WindowsFingerprints;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceStateName;

/**
 * A checkout of a release, and an account with an image for it, whose instances stand in for
 * Windows machines. No Windows runs here: packages are made up.
 */
abstract class WindowsBuildScene {
  final AwsProxy aws = new AwsProxy();
  @TempDir private Path temp;
  HgautoProgram hgauto;
  HgRepository source;

  @BeforeEach
  void setUp() throws IOException {
    aws.withMachines(temp.resolve("machines"));
    hgauto = new HgautoProgram(Files.createDirectory(temp.resolve("hgauto")));
    aws.environment().forEach(hgauto::with);
    source = WindowsSource.create(temp.resolve("source"));
    WindowsFingerprints.addImage(aws, source);
  }

  @AfterEach
  void close() {
    aws.close();
  }

  static String[] line(String command, String... arguments) {
    List<String> all =
        new ArrayList<>(List.of(command, "--version", "7.2", "--ssh-from", "127.0.0.0/8"));
    all.addAll(List.of(arguments));
    return all.toArray(String[]::new);
  }

  Result run(String command, String... arguments) throws Exception {
    return hgauto.run(source.root(), line(command, arguments));
  }

  Stream<Instance> instances() {
    return aws.clients().ec2(AwsProxy.REGION).describeInstances().reservations().stream()
        .flatMap(reservation -> reservation.instances().stream());
  }

  /** Of the only instance. */
  String instance() {
    return instances().findFirst().orElseThrow().instanceId();
  }

  void assertNothingIsLeft() {
    assertThat(instances().map(instance -> instance.state().name()))
        .allMatch(InstanceStateName.TERMINATED::equals);
    assertThat(hgauto.state().resolve("leases").toFile().list()).isNullOrEmpty();
    assertThat(hgauto.temporaryFiles()).isEmptyDirectory();
  }

  Path dist(String name) {
    return source.root().resolve("dist").resolve(name);
  }

  /** None where it is not there. */
  List<String> filesInDist() throws IOException {
    if (!Files.exists(dist(""))) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(dist(""))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  Manifest manifest() {
    return Manifest.read(dist("hgauto-7.2.json")).orElseThrow();
  }
}
