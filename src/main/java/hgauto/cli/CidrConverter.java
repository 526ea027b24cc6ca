package hgauto.cli;

import hgauto.aws.ensure.Cidr;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a range of addresses that may connect: {@code 203.0.113.7}, {@code 2001:db8::/64}. */
final class CidrConverter implements ITypeConverter<Cidr> {
  @Override
  public Cidr convert(String value) {
    Cidr range =
        Cidr.of(value)
            .orElseThrow(
                () ->
                    new TypeConversionException(
                        "'"
                            + value
                            + "' is not a range of addresses such as 203.0.113.7 or"
                            + " 2001:db8::/64"));
    if (range.prefix() == 0) {
      throw new TypeConversionException(
          "'" + value + "' is the whole internet; say where you connect from");
    }
    return range;
  }
}
