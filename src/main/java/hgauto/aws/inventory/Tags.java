package hgauto.aws.inventory;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ec2.model.Tag;

/** The tags of something in EC2 or IAM, by their keys. */
record Tags(Map<String, String> byKey) {
  static Tags of(List<Tag> tags) {
    return new Tags(tags.stream().collect(Collectors.toMap(Tag::key, Tag::value)));
  }

  static Tags ofIam(List<software.amazon.awssdk.services.iam.model.Tag> tags) {
    return new Tags(
        tags.stream()
            .collect(
                Collectors.toMap(
                    software.amazon.awssdk.services.iam.model.Tag::key,
                    software.amazon.awssdk.services.iam.model.Tag::value)));
  }

  /** Whose it is by our tags; empty where it bears none. */
  Optional<Ownership> ownership() {
    return Ownership.ofTags(byKey);
  }

  /** Its tag Name, or the id where it has none. */
  String nameOr(String id) {
    String name = byKey.getOrDefault("Name", "");
    return name.isEmpty() ? id : name;
  }
}
