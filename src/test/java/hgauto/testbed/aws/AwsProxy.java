package hgauto.testbed.aws;

import hgauto.aws.Account;
import hgauto.aws.Clients;
import hgauto.aws.Owner;
import hgauto.aws.RegionChoice;
import hgauto.aws.image.ImageFingerprint;
import hgauto.poll.Poll;
import hgauto.testbed.machine.MachineSpec;
import hgauto.testbed.machine.TestMachine;
import hgauto.testbed.windows.DriveC;
import hgauto.testbed.windows.WindowsBehaviour;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.LifeCycle;
import software.amazon.awssdk.services.ec2.Ec2Client;

/**
 * An AWS account on a loopback port, for the SDK's own clients in this process or in others. It is
 * {@link MotoServer moto} with what that lacks, and with what goes wrong. Each proxy is an account
 * of its own.
 *
 * <p>Moto is never full, knows no state that lasts, and gives every region a default network. A
 * test that needs it otherwise has {@link Fault#refused}, or the account in memory.
 */
public final class AwsProxy extends FaultyCalls implements AutoCloseable {
  /** The region that clients of a proxy work in, if they name none. */
  public static final String REGION = "us-west-2";

  /** The image of Debian 12 that is in every region, and that Systems Manager knows. */
  public static final String DEBIAN = MotoServer.DEBIAN;

  /** The image of Windows Server 2022 that is in every region, and that Systems Manager knows. */
  public static final String WINDOWS = MotoServer.WINDOWS;

  private static final Duration ANSWER = Duration.ofSeconds(60);

  /** What the HTTP client sets by itself, and what moto need not know. */
  private static final Set<String> NOT_FORWARDED =
      Set.of("host", "connection", "content-length", "expect", "upgrade", "accept-encoding");

  private static final AtomicLong LAST_ACCOUNT = new AtomicLong(100_000_000_000L);

  private final URI moto = MotoServer.uri();
  private final String id = Long.toString(LAST_ACCOUNT.incrementAndGet());
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private volatile Clock clock = Clock.systemUTC();
  private final PlayedCommands commands = new PlayedCommands(() -> clock.instant());
  private final MotoAmended amended = new MotoAmended(this::beneath, commands);
  private final Server server = new Server();
  private final URI uri;
  private final Clients clients;
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private volatile Duration delay = Duration.ZERO;
  private volatile MotoMachines machines;

  /** Starts it; skips the test where moto is missing. */
  public AwsProxy() {
    HttpConfiguration configuration = new HttpConfiguration();
    configuration.setSendServerVersion(false);
    configuration.setSendDateHeader(false);
    ServerConnector connector =
        new ServerConnector(server, new HttpConnectionFactory(configuration));
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.setHandler(
        new Handler.Abstract() {
          @Override
          public boolean handle(Request request, Response response, Callback callback)
              throws IOException {
            take(request, response, callback);
            return true;
          }
        });
    LifeCycle.start(server);
    uri = URI.create("http://127.0.0.1:" + connector.getLocalPort());
    clients = new ProxyClients(uri, REGION);
    putParameter("/aws/service/debian/release/12/latest/amd64", DEBIAN);
    putParameter("/aws/service/ami-windows-latest/Windows_Server-2022-English-Full-Base", WINDOWS);
  }

  /** The account's 12 digits. */
  public String id() {
    return id;
  }

  /** Where it is. */
  public URI uri() {
    return uri;
  }

  /** The SDK's clients, which reach it; they repeat what fails, but wait for nothing. */
  public Clients clients() {
    return clients;
  }

  /** What production code works with: this account, in {@link #REGION}. */
  public Account account() {
    return new Account(new RegionChoice(REGION, "for the test"), clients);
  }

  /** What a process needs in its environment to work with this account. */
  public Map<String, String> environment() {
    return Map.of(
        "AWS_ENDPOINT_URL",
        uri.toString(),
        "AWS_ACCESS_KEY_ID",
        "testing",
        "AWS_SECRET_ACCESS_KEY",
        "testing",
        "AWS_REGION",
        REGION);
  }

  /** From now on every answer takes so much longer. */
  public void delay(Duration perCall) {
    delay = perCall;
  }

  /**
   * All requests so far, in the order in which they came: the action and its parameters, "ssm:…:
   * InstanceId, …".
   */
  public List<String> requests() {
    return List.copyOf(requests);
  }

  @Override
  public void forgetCalls() {
    super.forgetCalls();
    requests.clear();
  }

  /** Run Command, and the instances that it reaches. */
  public PlayedCommands commands() {
    return commands;
  }

  /** AWS's time, as its answers tell it and as commands go. What is in the account bears moto's. */
  public void setClock(Clock changed) {
    clock = changed;
  }

  /** A new instance is not there for so many looks; nor can it be ended or tagged. */
  public void hideInstancesFor(int looks) {
    amended.launches().hideInstancesFor(looks);
  }

  /** Sets a parameter of Systems Manager, such as those that name AWS's own images. */
  public void putParameter(String name, String value) {
    amended.putParameter(name, value);
  }

  /**
   * From now on instances of {@link #DEBIAN}, of {@link #addReadyImage}, and of images made of them
   * are machines that one can log in to, if the key pair was imported since. Those of {@link
   * #WINDOWS} stand in for Windows machines, and are reached by Run Command if they have an
   * instance profile. Needs root; skips the test without it. What they have goes with them, or when
   * this is closed.
   *
   * @param folder for their disks and logs
   */
  public AwsProxy withMachines(Path folder) {
    TestMachine.requireAll();
    machines = new MotoMachines(this::forward, folder, commands);
    return this;
  }

  /** Machines that are launched from now on are changed so, such as by a fault. */
  public void changeMachines(UnaryOperator<MachineSpec> change) {
    machines.change(change);
  }

  /** Machines that are launched from now on are so far away, by SSH. */
  public void farMachines(Duration roundTrip) {
    machines.areFar(roundTrip);
  }

  /** What scripts do on machines that stand in for Windows ones. */
  public WindowsBehaviour windows() {
    return machines.behaviour();
  }

  /** The drive C: of an instance that stands in for a Windows one. */
  public DriveC driveC(String instanceId) {
    return machines.instance(instanceId).windows().orElseThrow().drive();
  }

  /** The machine that an instance is. Waits for it: EC2 knows an instance before it is made. */
  public TestMachine machine(String instanceId) {
    try {
      return Poll.real()
          .until(
              instanceId + " to be made",
              Duration.ofMillis(50),
              Duration.ofMinutes(1),
              () -> machines.find(instanceId))
          .machine();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * EC2 takes a spot instance back: its power is cut at once.
   *
   * @param unnoticedLooks how many times EC2 still says that it runs
   */
  public void interrupt(String instanceId, int unnoticedLooks) {
    machines.instance(instanceId).interrupt(unnoticedLooks);
  }

  /**
   * Adds an image of ours, whose machines are as {@code MachineSpec.ready} describes.
   *
   * @return its id
   */
  public String addReadyImage(String name, String fingerprint) {
    return register(
        name, fingerprint, "/dev/xvda", new PlayedImage(MachineSpec.readyLayers(), false));
  }

  /**
   * Adds an image of ours whose machines stand in for Windows ones, and are as {@code
   * bootstrap-windows.ps1} leaves them. Takes a second.
   *
   * @return its id
   */
  public String addReadyWindowsImage(String name, String fingerprint) {
    return register(name, fingerprint, "/dev/sda1", machines.readyWindows());
  }

  private String register(String name, String fingerprint, String rootDevice, PlayedImage played) {
    Ec2Client ec2 = clients.ec2(REGION);
    String image =
        ec2.registerImage(r -> r.name(name).architecture("x86_64").rootDeviceName(rootDevice))
            .imageId();
    ec2.createTags(
        r ->
            r.resources(image)
                .tags(
                    Tags.tag("Name", name),
                    Tags.tag(Owner.TAG, Owner.here()),
                    Tags.tag(ImageFingerprint.TAG, fingerprint)));
    machines.addImage(image, played);
    return image;
  }

  private ApiAnswer beneath(ApiRequest asked) throws IOException {
    MotoMachines played = machines;
    try {
      return played == null ? forward(asked) : played.answer(asked);
    } catch (AssertionError | CompletionException e) { // of a machine; whoever asked sees it
      return ApiAnswer.error(asked.call().service(), "InternalError", e.toString());
    }
  }

  private void take(Request request, Response response, Callback callback) throws IOException {
    ApiRequest asked = ApiRequest.read(request);
    requests.add(RequestList.line(asked));
    Optional<Fault> fault = begin(asked.call());
    Executor later =
        delay.isZero()
            ? Runnable::run
            : CompletableFuture.delayedExecutor(
                delay.toNanos(), TimeUnit.NANOSECONDS, server.getThreadPool());
    later.execute(
        () -> {
          try {
            answer(request, response, callback, asked, fault.orElse(null));
          } catch (IOException | RuntimeException e) {
            callback.failed(e);
          }
        });
  }

  private void answer(
      Request request, Response response, Callback callback, ApiRequest asked, Fault fault)
      throws IOException {
    Fault.Kind kind = fault == null ? null : fault.kind();
    if (kind == Fault.Kind.BEFORE || kind == Fault.Kind.INSTEAD) {
      fault.hook().run();
    }
    if (kind == Fault.Kind.INSTEAD || kind == Fault.Kind.DROPPED_BEFORE) {
      drop(request, callback);
      return;
    }
    boolean refused =
        kind == Fault.Kind.REFUSED || kind == Fault.Kind.THROTTLED || kind == Fault.Kind.FORBIDDEN;
    String service = asked.call().service();
    ApiAnswer answer =
        refused
            ? ApiAnswer.error(service, fault.code(service), fault.message())
            : amended.answer(asked);
    if (kind == Fault.Kind.AFTER) {
      fault.hook().run();
    }
    if (kind == Fault.Kind.ANSWER_LOST) {
      drop(request, callback);
      return;
    }
    response.setStatus(answer.status());
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, answer.contentType());
    response
        .getHeaders()
        .put(
            HttpHeader.DATE,
            DateTimeFormatter.RFC_1123_DATE_TIME.format(clock.instant().atOffset(ZoneOffset.UTC)));
    response.write(true, ByteBuffer.wrap(answer.body().getBytes(StandardCharsets.UTF_8)), callback);
  }

  private static void drop(Request request, Callback callback) {
    request.getConnectionMetaData().getConnection().getEndPoint().close();
    callback.failed(new EofException("the test wants the connection to break"));
  }

  private ApiAnswer forward(ApiRequest asked) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(moto.resolve("/"))
            .timeout(ANSWER)
            .POST(HttpRequest.BodyPublishers.ofString(asked.body()));
    asked.headers().stream()
        .filter(header -> !NOT_FORWARDED.contains(header.getLowerCaseName()))
        .forEach(header -> request.header(header.getName(), header.getValue()));
    request.setHeader("x-moto-account-id", id);
    try {
      HttpResponse<String> answer =
          http.send(request.build(), HttpResponse.BodyHandlers.ofString());
      return new ApiAnswer(
          answer.statusCode(),
          answer.headers().firstValue("Content-Type").orElse("text/xml"),
          answer.body());
    } catch (InterruptedException e) {
      throw new IOException("the proxy is being closed", e);
    }
  }

  @Override
  public void close() {
    LifeCycle.stop(server);
    if (machines != null) {
      machines.close();
    }
  }
}
