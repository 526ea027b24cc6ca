package hgauto.aws;

/**
 * A pair of long-lived credentials. It prints without its secret.
 *
 * @param id what names the pair; goes over the wire
 * @param secret what requests are signed with; never does
 */
public record AccessKey(String id, String secret) {
  @Override
  public String toString() {
    return id;
  }
}
