package hgauto.cli;

import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads an address to listen on: {@code 127.0.0.1:8080}, {@code [::1]:0}. */
final class AddressConverter implements ITypeConverter<InetSocketAddress> {
  private static final Pattern FORM =
      Pattern.compile("(\\[[0-9a-fA-F:]+\\]|[^:\\[\\]]+):([0-9]{1,5})");

  @Override
  public InetSocketAddress convert(String value) {
    Matcher matcher = FORM.matcher(value);
    if (!matcher.matches() || Integer.parseInt(matcher.group(2)) > 65535) {
      throw new TypeConversionException(
          "'" + value + "' is not an address and port such as 127.0.0.1:8080");
    }
    InetSocketAddress address =
        new InetSocketAddress(matcher.group(1), Integer.parseInt(matcher.group(2)));
    if (address.isUnresolved()) {
      throw new TypeConversionException("there is no host named '" + matcher.group(1) + "'");
    }
    return address;
  }
}
