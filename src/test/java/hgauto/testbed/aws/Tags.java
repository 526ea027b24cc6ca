package hgauto.testbed.aws;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;

/** Tags of EC2. */
final class Tags {
  private Tags() {}

  /** The tags of one list, in which those of the other replace the ones of the same key. */
  static List<Tag> merged(List<Tag> old, List<Tag> changed) {
    Map<String, Tag> all = new LinkedHashMap<>();
    old.forEach(tag -> all.put(tag.key(), tag));
    changed.forEach(tag -> all.put(tag.key(), tag));
    return List.copyOf(all.values());
  }

  /** What a creating request says about the tags of a kind of thing. */
  static List<Tag> of(List<TagSpecification> specifications, ResourceType type) {
    return specifications.stream()
        .filter(specification -> specification.resourceType() == type)
        .flatMap(specification -> specification.tags().stream())
        .toList();
  }

  static Tag tag(String key, String value) {
    return Tag.builder().key(key).value(value).build();
  }
}
