package hgauto.testbed.aws;

import hgauto.poll.Poll;
import hgauto.testbed.Requires;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import software.amazon.awssdk.utils.Lazy;

/**
 * The one <a href="https://docs.getmoto.org">moto</a> of this JVM, a server that stands in for AWS.
 * It is started when it is first needed, and ends with the JVM, however that ends: it goes when its
 * standard input does, of which the JVM holds the other end.
 */
final class MotoServer {
  static final String DEBIAN = "ami-0debdebdebdebdeb0";
  static final String WINDOWS = "ami-0feefeefeefeefee0";

  private static final String PROGRAM =
      """
      import json, os, sys, threading
      import moto.ec2.responses.amis as images
      import moto.iam.models as iam
      from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
      from werkzeug.serving import WSGIRequestHandler, run_simple

      threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
      # Every account has all of AWS's policies; reading them takes half a second.
      known = json.loads(iam.aws_managed_policies_data)
      iam.aws_managed_policies_data = json.dumps({n: p for n, p in known.items() if 'SSM' in n})
      # It takes every new image's root device for /dev/sda1.
      def registered(self, register=images.AmisResponse.register_image):
          answer = register(self)
          image = self.ec2_backend.amis[answer.result['ImageId']]
          image.root_device_name = self._get_param('RootDeviceName') or image.root_device_name
          return answer
      def created(self, create=images.AmisResponse.create_image):
          answer = create(self)
          image = self.ec2_backend.amis[answer.result['ImageId']]
          image.root_device_name = image.instance.root_device_name
          return answer
      images.AmisResponse.register_image = registered
      images.AmisResponse.create_image = created
      WSGIRequestHandler.log_request = lambda *args, **named: None
      run_simple('127.0.0.1', 0, DomainDispatcherApplication(create_backend_app), threaded=True)
      """;

  /** What others have made public, in every region. */
  private static final String IMAGES =
      """
      [{"ami_id": "%s", "name": "debian-12-amd64-20261101-1234", "owner_id": "136693071363",
        "public": true, "architecture": "x86_64", "root_device_name": "/dev/xvda",
        "creation_date": "2026-11-01T00:00:00.000Z", "virtualization_type": "hvm",
        "root_device_type": "ebs", "hypervisor": "xen"},
       {"ami_id": "%s", "name": "Windows_Server-2022-English-Full-Base-2026.11.11",
        "owner_id": "801119661308", "public": true, "architecture": "x86_64",
        "root_device_name": "/dev/sda1", "creation_date": "2026-11-11T00:00:00.000Z",
        "platform": "windows", "virtualization_type": "hvm", "root_device_type": "ebs",
        "hypervisor": "xen"}]
      """
          .formatted(DEBIAN, WINDOWS);

  private static final Pattern ADDRESS =
      Pattern.compile("Running on (http://127\\.0\\.0\\.1:\\d+)");

  private static final Duration START = Duration.ofMinutes(3);
  private static final Duration EVERY = Duration.ofMillis(50);

  private static final Lazy<URI> URI_OF_THE_ONE = new Lazy<>(MotoServer::start);

  private MotoServer() {}

  /** Its address; skips the test where the environment with moto is missing. */
  static URI uri() {
    Requires.env("HGAUTO_TESTBED_PYTHON");
    return URI_OF_THE_ONE.getValue();
  }

  private static URI start() {
    try {
      Path log = Files.createTempFile("moto", ".log");
      log.toFile().deleteOnExit();
      ProcessBuilder builder =
          new ProcessBuilder(Requires.env("HGAUTO_TESTBED_PYTHON"), "-c", PROGRAM)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile());
      Path images = Files.writeString(Files.createTempFile("moto", ".json"), IMAGES);
      images.toFile().deleteOnExit();
      builder.environment().put("MOTO_AMIS_PATH", images.toString());
      builder.environment().put("MOTO_IAM_LOAD_MANAGED_POLICIES", "true");
      builder.environment().put("MOTO_ENABLE_AMI_VALIDATION", "true");
      builder.environment().put("MOTO_ENABLE_KEYPAIR_VALIDATION", "true");
      Process process = builder.start();
      return Poll.real().until("moto to start", EVERY, START, () -> address(process, log));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Optional<URI> address(Process process, Path log) {
    String said = read(log);
    if (!process.isAlive()) {
      throw new AssertionError("moto has ended: " + said);
    }
    return ADDRESS.matcher(said).results().map(found -> URI.create(found.group(1))).findFirst();
  }

  private static String read(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
