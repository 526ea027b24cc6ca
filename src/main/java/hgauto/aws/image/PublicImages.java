package hgauto.aws.image;

import hgauto.aws.Account;
import hgauto.aws.AwsCall;
import hgauto.error.EnvironmentException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ec2.model.ArchitectureValues;
import software.amazon.awssdk.services.ec2.model.DescribeImagesRequest;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.Image;
import software.amazon.awssdk.services.ec2.model.ImageState;
import software.amazon.awssdk.services.ssm.model.GetParametersRequest;
import software.amazon.awssdk.services.ssm.model.Parameter;

/** Finds images that others publish, in the region that commands work in. */
public final class PublicImages {
  private final Account account;

  /** Nothing is asked of AWS yet. */
  public PublicImages(Account account) {
    this.account = account;
  }

  /**
   * The newest of a series, as its publisher names it in SSM's public parameters; where the region
   * has no such parameter, by owner and name.
   *
   * @throws EnvironmentException if the region has none, or a call fails
   */
  public MachineImage newest(ImageSeries series) {
    String what = "find the newest image of " + series.name() + " in " + region();
    Optional<String> id = published(series, what);
    if (id.isEmpty()) {
      return newest(series.owner(), series.namePattern());
    }
    return look(what, DescribeImagesRequest.builder().imageIds(id.get()).build())
        .orElseThrow(
            () -> none("image " + id.get(), "SSM's parameter names it, and EC2 has it not"));
  }

  private Optional<String> published(ImageSeries series, String what) {
    if (series.parameters().isEmpty()) {
      return Optional.empty();
    }
    Map<String, String> ids =
        AwsCall.make(
            "ssm:GetParameters",
            what,
            () ->
                account
                    .clients()
                    .ssm(region())
                    .getParameters(
                        GetParametersRequest.builder().names(series.parameters()).build())
                    .parameters()
                    .stream()
                    .collect(Collectors.toMap(Parameter::name, Parameter::value)));
    return series.parameters().stream().filter(ids::containsKey).findFirst().map(ids::get);
  }

  /**
   * The newest that is not deprecated, for x86-64.
   *
   * @param owner 12 digits, such as {@link WindowsBase#OWNER}
   * @param namePattern with {@code *} and {@code ?}, such as {@code
   *     Windows_Server-2019-English-Full-Base-*}
   * @throws EnvironmentException if there is none, or the call fails
   */
  public MachineImage newest(String owner, String namePattern) {
    return look(
            "find the newest image " + namePattern + " in " + region(),
            DescribeImagesRequest.builder()
                .owners(owner)
                .includeDeprecated(false)
                .filters(
                    filter("name", namePattern),
                    filter("state", ImageState.AVAILABLE.toString()),
                    filter("architecture", ArchitectureValues.X86_64.toString()))
                .build())
        .orElseThrow(
            () -> none("image " + namePattern, "account " + owner + " publishes none so named"));
  }

  private Optional<MachineImage> look(String what, DescribeImagesRequest request) {
    List<Image> images =
        AwsCall.make(
            "ec2:DescribeImages",
            what,
            () ->
                account.clients().ec2(region()).describeImagesPaginator(request).images().stream()
                    .toList());
    return images.stream()
        .max(Comparator.comparing(Image::creationDate).thenComparing(Image::imageId))
        .map(MachineImage::of);
  }

  private EnvironmentException none(String image, String why) {
    return new EnvironmentException(
        "there is no " + image + " in " + region(),
        why,
        "Choose another image, or another region with --aws-region.");
  }

  private String region() {
    return account.region().region();
  }

  private static Filter filter(String name, String... values) {
    return Filter.builder().name(name).values(values).build();
  }
}
