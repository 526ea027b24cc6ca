package hgauto.cli;

import hgauto.release.PublicFile;
import java.net.URI;
import java.net.URISyntaxException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a URL; one that is none is told without what may be a password in it. */
final class UrlConverter implements ITypeConverter<URI> {
  @Override
  public URI convert(String value) {
    try {
      return new URI(value);
    } catch (URISyntaxException e) {
      throw new TypeConversionException(
          "'" + PublicFile.shown(value) + "' is not a URL: " + e.getReason());
    }
  }
}
