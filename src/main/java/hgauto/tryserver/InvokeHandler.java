package hgauto.tryserver;

import com.google.gson.Gson;
import hgauto.aws.SignatureCheck;
import hgauto.aws.SignatureRefusedException;
import hgauto.aws.SignedRequest;
import hgauto.state.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Speaks AWS Lambda's Invoke, as far as a submission needs it: <a
 * href="https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html">Invoke</a>. The answer is a
 * JSON array of messages for the submitter; header {@code X-Hgauto-Run} has the run's address.
 */
final class InvokeHandler extends Handler.Abstract {
  /** The address of the run that a submission made, or that it had made before. */
  static final String RUN_HEADER = "X-Hgauto-Run";

  /** The only function there is; {@code automation.py try} invokes it. */
  static final String FUNCTION = "ci-try-server-upload";

  /** In bytes. A bundle of 64 MiB in base64, and what goes with it. */
  static final long MOST_BYTES = 96L << 20;

  private static final Pattern PATH = Pattern.compile("/2015-03-31/functions/([^/]+)/invocations");

  private static final Logger LOG = LoggerFactory.getLogger(InvokeHandler.class);

  private final SignatureCheck signatures;
  private final Submissions submissions;
  private final Access access;

  InvokeHandler(SignatureCheck signatures, Submissions submissions, Access access) {
    this.signatures = signatures;
    this.submissions = submissions;
    this.access = access;
  }

  /** A failure in the form that AWS clients understand. */
  private record ServiceError(int status, String type, String message) {}

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    Matcher path = PATH.matcher(Request.getPathInContext(request));
    if (!path.matches()) {
      return false; // not for us
    }
    String host = request.getHeaders().get(HttpHeader.HOST);
    try {
      ServiceError unfit = unfit(request, path.group(1));
      if (unfit != null) {
        return answer(response, callback, unfit);
      }
      SignatureCheck.Claim claim = signatures.precheck(signedRequest(request));
      byte[] body = read(request);
      if (body.length > MOST_BYTES) {
        return answer(response, callback, tooLarge());
      }
      claim.verify(body);
      Run run = submissions.accept(Submission.fromJson(body), claim.signature());
      return answer(response, callback, run, "http://" + host + access.link("/runs/" + run.id()));
    } catch (SignatureRefusedException e) {
      LOG.info("refused: {}", e.getMessage());
      return answer(response, callback, new ServiceError(e.status(), e.code(), e.getMessage()));
    } catch (RejectedException e) {
      LOG.info("rejected: {}", e.getMessage());
      return answer(
          response,
          callback,
          new ServiceError(400, "InvalidRequestContentException", e.getMessage()));
    } catch (IOException e) {
      LOG.error("cannot take a submission", e);
      return answer(
          response,
          callback,
          new ServiceError(500, "ServiceException", "the server cannot store it: " + Reason.of(e)));
    }
  }

  private static ServiceError unfit(Request request, String function) {
    if (!request.getMethod().equals("POST")) {
      return new ServiceError(405, "InvalidParameterValueException", "only POST is known here");
    }
    if (!function.equals(FUNCTION)) {
      return new ServiceError(
          404, "ResourceNotFoundException", "there is no function here but " + FUNCTION);
    }
    String type = request.getHeaders().get("X-Amz-Invocation-Type");
    if (type != null && !type.equals("RequestResponse")) {
      return new ServiceError(
          400, "InvalidParameterValueException", "only invocation type RequestResponse is known");
    }
    return request.getLength() > MOST_BYTES ? tooLarge() : null;
  }

  private static ServiceError tooLarge() {
    return new ServiceError(
        413,
        "RequestTooLargeException",
        "a submission can have " + (MOST_BYTES >> 20) + " MiB; submit fewer changesets");
  }

  private static byte[] read(Request request) throws IOException {
    try (InputStream body = Content.Source.asInputStream(request)) {
      return body.readNBytes((int) MOST_BYTES + 1);
    }
  }

  private static SignedRequest signedRequest(Request request) {
    HttpFields fields = request.getHeaders();
    Map<String, List<String>> headers = new HashMap<>();
    for (String name : fields.getFieldNamesCollection()) {
      headers.put(name, fields.getValuesList(name));
    }
    return new SignedRequest(
        request.getMethod(),
        request.getHttpURI().getPath(),
        request.getHttpURI().getQuery(),
        headers);
  }

  private static boolean answer(Response response, Callback callback, Run run, String address) {
    response.getHeaders().put(RUN_HEADER, address);
    List<String> messages =
        List.of(
            "run " + run.id() + " of changeset " + run.shortNode() + " is " + run.status().word(),
            "results: " + address);
    return write(response, callback, messages);
  }

  private static boolean answer(Response response, Callback callback, ServiceError error) {
    response.setStatus(error.status());
    response.getHeaders().put("X-Amzn-ErrorType", error.type());
    return write(response, callback, Map.of("Type", error.type(), "message", error.message()));
  }

  private static boolean write(Response response, Callback callback, Object json) {
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
    // A body that was not read to its end cannot be followed by another request.
    if (response.getStatus() >= 400) {
      response.getHeaders().put(HttpHeader.CONNECTION, "close");
    }
    byte[] bytes = new Gson().toJson(json).getBytes(StandardCharsets.UTF_8);
    response.write(true, ByteBuffer.wrap(bytes), callback);
    return true;
  }
}
