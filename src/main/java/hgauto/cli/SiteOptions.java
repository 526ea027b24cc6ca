package hgauto.cli;

import hgauto.error.EnvironmentException;
import hgauto.error.UsageException;
import hgauto.hg.Checkout;
import hgauto.hg.Hg;
import hgauto.release.PackageIndex;
import hgauto.release.PublicFile;
import hgauto.release.Site;
import hgauto.state.Reason;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** Where releases are published, and where what is to be published lies. */
final class SiteOptions {
  private static final Pattern HOST =
      Pattern.compile("(?:\\[([0-9a-fA-F:]+)\\]|([\\w.-]+))(?::([0-9]{1,5}))?");

  @Option(
      names = {"-R", "--repository"},
      paramLabel = "DIR",
      description = "A folder in the checkout whose dist it is (default: the current one).")
  private Path repository = Path.of("");

  @Option(names = "--no-pypi", description = "Leave the package index out.")
  private boolean noPypi;

  @Option(names = "--no-mercurial-scm-org", description = "Leave the web site out.")
  private boolean noSite;

  @Option(
      names = "--ssh-username",
      paramLabel = "NAME",
      description = "The account on the web site (default: as ssh has it).")
  private String user;

  @Option(
      names = "--repository-url",
      paramLabel = "URL",
      converter = UrlConverter.class,
      description = "Where twine uploads to, if not to PyPI.")
  private URI index = PackageIndex.PYPI;

  @Option(
      names = "--site-host",
      paramLabel = "HOST[:PORT]",
      description = "The web site's host, as ssh takes it (default: ${DEFAULT-VALUE}).")
  private String host = Site.HOST;

  @Option(
      names = "--site-dir",
      paramLabel = "DIR",
      description = "The folder there (default: ${DEFAULT-VALUE}).")
  private String folder = Site.FOLDER;

  /**
   * The folder with what is built.
   *
   * @throws UsageException if this is no checkout
   */
  Path dist() {
    Path root = Checkout.find(repository, new Hg("hg")).root();
    try {
      return root.toRealPath()
          .resolve("dist"); // as others are told of it, whatever links lead here
    } catch (IOException e) {
      throw new EnvironmentException("cannot use " + root, Reason.of(e), "", e);
    }
  }

  Optional<URI> index() {
    return noPypi ? Optional.empty() : Optional.of(index);
  }

  Optional<Site.Address> site() {
    if (noSite) {
      return Optional.empty();
    }
    Matcher matcher = HOST.matcher(host);
    if (!matcher.matches()) {
      int at = host.lastIndexOf('@');
      throw new UsageException(
          "'" + PublicFile.shown(host) + "' is no host",
          "",
          at < 0
              ? "Say --site-host HOST or HOST:PORT."
              : "Say --site-host " + host.substring(at + 1) + " --ssh-username NAME.");
    }
    Optional<Integer> port = Optional.ofNullable(matcher.group(3)).map(Integer::valueOf);
    if (port.filter(number -> number < 1 || number > 65535).isPresent()) {
      throw new UsageException(
          "'" + host + "' is no host",
          "a port is a number from 1 to 65535",
          "Say --site-host HOST or HOST:PORT.");
    }
    if (user != null && (user.isEmpty() || user.startsWith("-"))) {
      throw new UsageException(
          "'" + user + "' is no account on the web site", "", "Say --ssh-username NAME.");
    }
    if (!folder.startsWith("/")) {
      throw new UsageException(
          "'" + folder + "' is no folder on the site",
          "its name does not begin with /",
          "Say all of its path with --site-dir.");
    }
    return Optional.of(
        new Site.Address(
            matcher.group(1) == null ? matcher.group(2) : matcher.group(1),
            port,
            Optional.ofNullable(user),
            folder));
  }
}
