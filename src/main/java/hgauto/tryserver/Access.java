package hgauto.tryserver;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.jetty.http.HttpCookie;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Fields;

/**
 * Who may see the results. On a loopback address it is whoever is on this machine, but a page in
 * their browser may not pretend to be: a request must name a loopback host (see "DNS rebinding").
 * Beyond loopback it is whoever has the token, in the address, a cookie or a bearer header.
 */
final class Access {
  private static final String COOKIE = "hgauto-token";
  private static final String PARAMETER = "token";

  private final Optional<String> token;

  /**
   * @param token what must be shown, or empty on a loopback address
   */
  Access(Optional<String> token) {
    this.token = token;
  }

  /** The path as a link that lets in whoever follows it. */
  String link(String path) {
    return token.map(secret -> path + "?" + PARAMETER + "=" + secret).orElse(path);
  }

  /** Whether the request may see results. */
  boolean allows(Request request) {
    return token.isPresent() ? showsToken(request) : namesLoopback(request);
  }

  /** Why a request that is not allowed is not. */
  String refusal() {
    return token.isPresent()
        ? "Open the address that the submission printed, or that the server printed at its start:"
            + " it has the token."
        : "This server is for this machine alone: use http://127.0.0.1 or http://localhost.";
  }

  /**
   * Turns a token in the address into a cookie, so that it does not stay in the address bar.
   *
   * @return whether the response is now a redirection to the address without it
   */
  boolean movesToken(Request request, Response response) {
    Fields query = Request.extractQueryParameters(request);
    if (token.isEmpty()
        || query.get(PARAMETER) == null
        || request.getHeaders().contains(HttpHeader.AUTHORIZATION)) {
      return false;
    }
    Response.putCookie(
        response,
        HttpCookie.build(COOKIE, query.getValue(PARAMETER))
            .path("/")
            .httpOnly(true)
            // Not "strict": the address may have been followed from a page elsewhere.
            .sameSite(HttpCookie.SameSite.LAX)
            .build());
    response.setStatus(303);
    response.getHeaders().put(HttpHeader.LOCATION, Request.getPathInContext(request));
    return true;
  }

  private boolean showsToken(Request request) {
    String authorization = request.getHeaders().get(HttpHeader.AUTHORIZATION);
    if (authorization != null && authorization.startsWith("Bearer ")) {
      return isToken(authorization.substring("Bearer ".length()));
    }
    Fields.Field parameter = Request.extractQueryParameters(request).get(PARAMETER);
    if (parameter != null) {
      return isToken(parameter.getValue());
    }
    List<HttpCookie> cookies = Request.getCookies(request);
    return cookies.stream()
        .anyMatch(cookie -> cookie.getName().equals(COOKIE) && isToken(cookie.getValue()));
  }

  private boolean isToken(String shown) {
    return MessageDigest.isEqual(
        shown.getBytes(StandardCharsets.UTF_8),
        token.orElseThrow().getBytes(StandardCharsets.UTF_8));
  }

  private static boolean namesLoopback(Request request) {
    String host = Request.getServerName(request);
    return host.toLowerCase(Locale.ROOT).equals("localhost") || isLoopbackLiteral(host);
  }

  private static boolean isLoopbackLiteral(String host) {
    if (!host.matches("[0-9.]+|\\[?[0-9A-Fa-f:]+\\]?")) {
      return false; // a name would be looked up, which is what must not decide
    }
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
