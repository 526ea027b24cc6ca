package hgauto.cli;

import hgauto.task.TryTarget;
import java.net.URI;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the value of {@code --server}. */
final class TryTargetConverter implements ITypeConverter<TryTarget> {
  @Override
  public TryTarget convert(String value) {
    if (value.equals("lambda")) {
      return new TryTarget.Lambda();
    }
    if (value.equals("embedded")) {
      return new TryTarget.Embedded();
    }
    if (value.startsWith("http://") || value.startsWith("https://")) {
      try {
        URI root = URI.create(value);
        if (root.getHost() != null && root.getRawPath().matches("/?")) {
          // The address that a server prints has a token, which is for its pages.
          return new TryTarget.SelfHosted(
              URI.create(root.getScheme() + "://" + root.getRawAuthority()));
        }
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException("'" + value + "' is not a URL: " + e.getMessage());
      }
    }
    throw new TypeConversionException(
        "'"
            + value
            + "' is neither lambda, embedded nor the http:// address of a Try Server, without a path");
  }
}
