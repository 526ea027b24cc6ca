package hgauto.task;

import hgauto.aws.Owner;
import hgauto.testbed.aws.FakeAccount;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import software.amazon.awssdk.services.ec2.model.Tag;

/** What a killed run has left: an instance of ann@laptop, and its entry in the journal. */
final class Abandoned {
  private Abandoned() {}

  /** Returns the id of the instance. */
  static String put(FakeAccount fake, String region, Path leases) {
    String token = "hgauto-of-a-killed-run";
    String entry =
        """
        {"token": "%s", "account": "123456789012", "region": "%s", "owner": "ann@laptop",
         "run": "run-0", "name": "hg-linux-dev", "kept": false,
         "created": "2026-11-24T20:00:00Z", "expires": "2099-11-24T20:00:00Z"}
        """
            .formatted(token, region);
    try {
      Files.writeString(Files.createDirectory(leases.resolve(token)).resolve("lease.json"), entry);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Tag mine = Tag.builder().key(Owner.TAG).value("ann@laptop").build();
    return fake.in(region).putInstance(i -> i.clientToken(token).tags(mine));
  }
}
