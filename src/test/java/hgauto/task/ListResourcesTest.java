package hgauto.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonParser;
import hgauto.aws.lease.LeaseJournal;
import hgauto.console.Console;
import hgauto.error.EnvironmentException;
import hgauto.testbed.Sleepless;
import hgauto.testbed.aws.FakeAccount;
import hgauto.testbed.aws.Fault;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.VolumeAttachment;

class ListResourcesTest {
  /** Half an hour past, so that the seconds that a test takes change no age. */
  private static final Instant NOW = Instant.parse("2026-11-24T20:30:00Z");

  @TempDir private Path leases;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int list(FakeAccount aws, boolean allRegions, boolean json) throws InterruptedException {
    aws.setClock(Clock.fixed(NOW, ZoneOffset.UTC));
    Console console = new Console(new PrintWriter(out), new PrintWriter(err), json, false);
    return new ListResources(
            console, aws.account(), new LeaseJournal(leases), new Sleepless().poll())
        .run(allRegions);
  }

  private static FakeAccount furnished() {
    FakeAccount aws = new FakeAccount("us-west-2", "eu-north-1");
    aws.contents()
        .putInstance(
            i ->
                i.instanceId("i-0aaaaaaaaaaaaaaaa")
                    .instanceType("c5.9xlarge")
                    .launchTime(hoursAgo(3))
                    .publicIpAddress("203.0.113.7")
                    .tags(
                        tag("hgauto:owner", "ann@laptop"),
                        tag("hgauto:run", "run-7"),
                        tag("hgauto:expires", "2026-11-24T22:00:00Z"),
                        tag("Name", "hg-linux-tests")));
    aws.contents()
        .putInstance(
            i ->
                i.instanceId("i-0bbbbbbbbbbbbbbbb")
                    .launchTime(hoursAgo(49))
                    .platform("windows")
                    .tags(tag("Name", "hg-temp-windows")));
    aws.contents()
        .putInstance(
            i ->
                i.instanceId("i-0cccccccccccccccc")
                    .instanceType("m5.large")
                    .launchTime(hoursAgo(30))
                    .state(s -> s.name("stopped"))
                    .tags(
                        tag("hgauto:owner", "bob@desk"),
                        tag("hgauto:expires", "2026-11-25T18:00:00Z")));
    aws.contents()
        .putVolume(
            v ->
                v.volumeId("vol-0ddddddddddddddd")
                    .createTime(hoursAgo(3))
                    .size(12)
                    .attachments(
                        VolumeAttachment.builder().instanceId("i-0aaaaaaaaaaaaaaaa").build())
                    .tags(tag("hgauto:owner", "ann@laptop")));
    aws.contents()
        .putKeyPair("hg-automation", "12:34", k -> k.keyPairId("key-0e").createTime(hoursAgo(100)));
    aws.contents().putKeyPair("hg-automation-of-a-stranger", "56:78", k -> {});
    aws.contents().putVolume(v -> v.volumeId("vol-0strangers"));
    aws.in("eu-north-1")
        .putSnapshot(
            s ->
                s.snapshotId("snap-0ffffffffffffff")
                    .startTime(hoursAgo(1))
                    .volumeSize(100)
                    .tags(tag("hgauto:owner", "ann@laptop")));
    return aws;
  }

  @Test
  void aPersonSeesWhatIsThereWhoseAndWhatItCosts() throws InterruptedException {
    assertThat(list(furnished(), false, false)).isZero();
    assertThat(out)
        .hasToString(
            """
            KIND      ID                    NAME             DETAILS                              OWNER          AGE   ENDS     $/HOUR  $/MONTH
            instance  i-0bbbbbbbbbbbbbbbb   hg-temp-windows  running, t3.medium, Windows          automation.py  2 d   -        0.0600    43.80
            instance  i-0cccccccccccccccc   -                stopped, m5.large                    bob@desk       30 h  in 21 h       -        -
            instance  i-0aaaaaaaaaaaaaaaa   hg-linux-tests   running, c5.9xlarge                  ann@laptop     3 h   in 1 h   1.5350  1120.55
            volume    vol-0ddddddddddddddd  -                gp3, 12 GiB, of i-0aaaaaaaaaaaaaaaa  ann@laptop     3 h   -        0.0013     0.96
            key pair  key-0e                hg-automation    -                                    automation.py  4 d   -             -        -
            together                                                                                                            1.5963  1165.31

            Costs are an estimate by AWS's on-demand prices in us-west-2, without traffic.
            """);
    assertThat(err)
        .hasToString(
            "account 123456789012, as arn:aws:iam::123456789012:user/ann, region us-west-2"
                + " (for the test)\n");
  }

  @Test
  void aScriptSeesTheSameAsJson() throws InterruptedException {
    assertThat(list(furnished(), true, true)).isZero();
    assertThat(out)
        .hasToString(
            """
            {
              "account": "123456789012",
              "caller": "arn:aws:iam::123456789012:user/ann",
              "regions": [
                "us-west-2",
                "eu-north-1"
              ],
              "resources": [
                {
                  "kind": "instance",
                  "region": "us-west-2",
                  "id": "i-0bbbbbbbbbbbbbbbb",
                  "name": "hg-temp-windows",
                  "details": "running, t3.medium, Windows",
                  "since": "2026-11-22T19:00:00Z",
                  "dollarsPerHour": 0.0600,
                  "dollarsPerMonth": 43.80
                },
                {
                  "kind": "instance",
                  "region": "us-west-2",
                  "id": "i-0cccccccccccccccc",
                  "name": "i-0cccccccccccccccc",
                  "details": "stopped, m5.large",
                  "owner": "bob@desk",
                  "since": "2026-11-23T14:00:00Z",
                  "expires": "2026-11-25T18:00:00Z",
                  "dollarsPerHour": 0.0000,
                  "dollarsPerMonth": 0.00
                },
                {
                  "kind": "instance",
                  "region": "us-west-2",
                  "id": "i-0aaaaaaaaaaaaaaaa",
                  "name": "hg-linux-tests",
                  "details": "running, c5.9xlarge",
                  "owner": "ann@laptop",
                  "run": "run-7",
                  "since": "2026-11-24T17:00:00Z",
                  "expires": "2026-11-24T22:00:00Z",
                  "dollarsPerHour": 1.5350,
                  "dollarsPerMonth": 1120.55
                },
                {
                  "kind": "volume",
                  "region": "us-west-2",
                  "id": "vol-0ddddddddddddddd",
                  "name": "vol-0ddddddddddddddd",
                  "details": "gp3, 12 GiB, of i-0aaaaaaaaaaaaaaaa",
                  "owner": "ann@laptop",
                  "since": "2026-11-24T17:00:00Z",
                  "dollarsPerHour": 0.0013,
                  "dollarsPerMonth": 0.96
                },
                {
                  "kind": "key pair",
                  "region": "us-west-2",
                  "id": "key-0e",
                  "name": "hg-automation",
                  "details": "",
                  "since": "2026-11-20T16:00:00Z",
                  "dollarsPerHour": 0.0000,
                  "dollarsPerMonth": 0.00
                },
                {
                  "kind": "snapshot",
                  "region": "eu-north-1",
                  "id": "snap-0ffffffffffffff",
                  "name": "snap-0ffffffffffffff",
                  "details": "100 GiB, of no image",
                  "owner": "ann@laptop",
                  "since": "2026-11-24T19:00:00Z",
                  "dollarsPerHour": 0.0068,
                  "dollarsPerMonth": 5.00
                }
              ],
              "dollarsPerHour": 1.6032,
              "dollarsPerMonth": 1170.31,
              "unknownPrices": 0,
              "ended": []
            }
            """);
  }

  @Test
  void allRegionsAreSearchedWhereAskedFor() throws InterruptedException {
    list(furnished(), true, false);
    assertThat(out.toString())
        .contains("snap-0ffffffffffffff", "eu-north-1", "i-0aaaaaaaaaaaaaaaa");
    assertThat(err.toString()).contains("all regions, 2");
  }

  @Test
  void anUnknownPriceIsNotTakenForNothing() throws InterruptedException {
    FakeAccount aws = new FakeAccount();
    aws.contents()
        .putInstance(i -> i.instanceType("x2idn.metal").tags(tag("hgauto:owner", "ann@laptop")));
    list(aws, false, false);
    assertThat(out.toString())
        .contains("unknown")
        .endsWith("The price of 1 of them is not known.\n");
  }

  @Test
  void whereNothingIsItSaysSo() throws InterruptedException {
    assertThat(list(new FakeAccount(), false, false)).isZero();
    assertThat(out).hasToString("There is nothing of ours in us-west-2.\n");
  }

  @Test
  void whereNothingIsAnywhereItSaysSo() throws InterruptedException {
    assertThat(list(new FakeAccount("us-west-2", "eu-north-1"), true, false)).isZero();
    assertThat(out).hasToString("There is nothing of ours in any of 2 regions.\n");
  }

  @Test
  void aCallThatIsNotAllowedIsNamedAndNothingIsListed() {
    FakeAccount aws = furnished();
    aws.onCall("ec2:DescribeVolumes", Fault.FORBIDDEN);
    assertThatThrownBy(() -> list(aws, false, false))
        .isInstanceOf(EnvironmentException.class)
        .hasMessage("cannot list the volumes in us-west-2 (ec2:DescribeVolumes)")
        .extracting(e -> ((EnvironmentException) e).next())
        .asString()
        .startsWith("Allow ec2:DescribeVolumes (docs/aws-permissions.md has the least policy)");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void whereNothingIsToBeEndedItMakesTheCallsOfOneSweep() throws InterruptedException {
    FakeAccount aws = furnished();
    list(aws, false, false);
    assertThat(aws.actions()).hasSize(13).containsOnlyOnce("sts:GetCallerIdentity");
  }

  @Test
  void aLeaseThatCannotBeReadIsTold() throws InterruptedException, IOException {
    Files.writeString(Files.createDirectory(leases.resolve("half")).resolve("lease.json"), "{");
    assertThat(list(new FakeAccount(), false, false)).isEqualTo(4);
    assertThat(err.toString()).contains("warning: could not read lease half", "remove ");
    assertThat(out).hasToString("There is nothing of ours in us-west-2.\n");
  }

  @Test
  void whatIsPastItsExpiryIsEndedOnTheWay() throws InterruptedException {
    FakeAccount aws = new FakeAccount("us-west-2");
    String expired =
        aws.contents()
            .putInstance(
                i ->
                    i.state(s -> s.name("stopped"))
                        .tags(
                            tag("hgauto:owner", "bob@desk"),
                            tag("hgauto:expires", "2026-11-24T20:29:00Z")));
    assertThat(list(aws, false, false)).isZero();
    assertThat(aws.contents().alive()).isEmpty();
    assertThat(err.toString()).contains("past its expiry: terminate instance " + expired);
    assertThat(out.toString()).isEqualTo("There is nothing of ours in us-west-2.\n");
  }

  @Test
  void whatIsPastItsExpiryAndMayNotBeEndedIsListed() throws InterruptedException {
    FakeAccount aws = new FakeAccount("us-west-2");
    String expired =
        aws.contents()
            .putInstance(
                i ->
                    i.tags(
                        tag("hgauto:owner", "bob@desk"),
                        tag("hgauto:expires", "2026-11-24T20:29:00Z")));
    aws.onCall("ec2:TerminateInstances", Fault.FORBIDDEN);
    assertThat(list(aws, false, true)).isEqualTo(4);
    assertThat(err.toString()).contains("warning: could not terminate instance " + expired);
    assertThat(JsonParser.parseString(out.toString()).getAsJsonObject().getAsJsonArray("ended"))
        .singleElement()
        .satisfies(
            ended -> {
              assertThat(ended.getAsJsonObject().get("id").getAsString()).isEqualTo(expired);
              assertThat(ended.getAsJsonObject().get("result").getAsString()).isEqualTo("failed");
            });
  }

  @Test
  void whatAKilledRunLeftAndHasEndedByItselfIsNotSaidToBeEnded() throws InterruptedException {
    FakeAccount aws = new FakeAccount("us-west-2");
    String id = Abandoned.put(aws, "us-west-2", leases);
    aws.account().clients().ec2("us-west-2").terminateInstances(r -> r.instanceIds(id));
    assertThat(list(aws, false, false)).isZero();
    assertThat(err.toString()).contains("was gone already: " + id).doesNotContain("ended " + id);
  }

  @Test
  void whatIsPastItsExpiryAndOnItsWayOutIsListedAndNotWaitedFor() throws InterruptedException {
    FakeAccount aws = new FakeAccount("us-west-2");
    String expired =
        aws.contents()
            .putInstance(
                i ->
                    i.tags(
                        tag("hgauto:owner", "bob@desk"),
                        tag("hgauto:expires", "2026-11-24T20:29:00Z")));
    aws.behaviour().instancesEndingFor(9);
    aws.account().clients().ec2("us-west-2").terminateInstances(r -> r.instanceIds(expired));
    assertThat(list(aws, false, false)).isZero();
    assertThat(out.toString()).containsPattern(expired + ".*shutting-down");
    assertThat(err.toString()).doesNotContain("past its expiry");
  }

  private static Instant hoursAgo(int hours) {
    return NOW.minus(Duration.ofHours(hours)).minus(Duration.ofMinutes(30));
  }

  private static Tag tag(String key, String value) {
    return Tag.builder().key(key).value(value).build();
  }
}
