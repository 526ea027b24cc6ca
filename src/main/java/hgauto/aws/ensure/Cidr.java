package hgauto.aws.ensure;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A range of IP addresses, such as {@code 203.0.113.7/32} or {@code 2001:db8::/64}. Equal ranges
 * are equal, however they were written.
 *
 * @param first its first address
 * @param prefix how many leading bits all its addresses share: 0 to 32, or to 128 for IPv6
 */
public record Cidr(InetAddress first, int prefix) {
  private static final String BYTE = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";

  /** What looks like an IPv6 address is not looked up as a host's name, being one or not. */
  private static final Pattern FORM =
      Pattern.compile(
          "((?:" + BYTE + "\\.){3}" + BYTE + "|[0-9a-fA-F:]*:[0-9a-fA-F:]*)(?:/([0-9]{1,3}))?");

  /**
   * Reads a range, or an address as a range of one.
   *
   * @return empty if it is neither; host names are not
   */
  public static Optional<Cidr> of(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try {
      byte[] address = InetAddress.getByName(matcher.group(1)).getAddress();
      int bits = address.length * Byte.SIZE;
      int prefix = matcher.group(2) == null ? bits : Integer.parseInt(matcher.group(2));
      if (prefix > bits) {
        return Optional.empty();
      }
      for (int bit = prefix; bit < bits; bit++) {
        address[bit / Byte.SIZE] &= (byte) ~(0x80 >> bit % Byte.SIZE);
      }
      return Optional.of(new Cidr(InetAddress.getByAddress(address), prefix));
    } catch (UnknownHostException e) {
      return Optional.empty(); // "1:2", which is no IPv6 address
    }
  }

  /** Whether the addresses are IPv6. */
  boolean isIpv6() {
    return first.getAddress().length > 4;
  }

  /** As AWS takes it: "203.0.113.7/32". */
  @Override
  public String toString() {
    return first.getHostAddress() + "/" + prefix;
  }
}
