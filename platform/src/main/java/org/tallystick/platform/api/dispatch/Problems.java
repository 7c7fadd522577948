package org.tallystick.platform.api.dispatch;

import java.io.IOException;
import java.time.Duration;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tallystick.platform.db.UnavailableException;
import org.tallystick.platform.kernel.Category;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.platform.kernel.RefusedException;
import org.tallystick.platform.log.LogUnavailableException;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Reasons;

/**
 * Turns whatever went wrong into a problem document (RFC 9457): the one place that knows status codes. A bug becomes a 500
 * that tells the caller an incident number and nothing else; the log has the rest.
 */
public final class Problems {
    /** What problem types are resolved against. */
    public static final String BASE = "https://tallystick.org/problems/";

    static final String TYPE = "application/problem+json";

    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
    private static final String UNREADABLE = "json/";

    private Problems() {}

    /**
     * The answer to whatever was thrown.
     *
     * @param endpoint what was asked; a question without a body that cannot be accepted is malformed, not unprocessable
     */
    static Answer answer(Throwable thrown, Endpoint endpoint) {
        return switch (thrown) {
            case RefusedException e
            when e.problem().category() == Category.UNAUTHENTICATED && endpoint.isSubscribed() ->
                document(e.problem())
                        .header("WWW-Authenticate", "Basic realm=\"tallystick: the password is an API key\"");
            case RefusedException e
            when e.problem().category() == Category.INVALID && endpoint.body().kind() == Endpoint.Kind.NONE ->
                document(400, e.problem());
            default -> answer(thrown);
        };
    }

    /** The answer to whatever was thrown. */
    public static Answer answer(Throwable thrown) {
        return switch (thrown) {
            case HttpRefusedException e
            when !e.retryAfter().isZero() ->
                document(e.status(), e.problem())
                        .header("Retry-After", Long.toString(e.retryAfter().toSeconds()));
            case HttpRefusedException e -> document(e.status(), e.problem());
            case RefusedException e -> document(e.problem());
            case MalformedException e -> document(Refusals.malformed(e.reason(), e.detail()));
            case UnavailableException e -> unavailable(e);
            case LogUnavailableException e -> unavailable(e);
            case IOException e -> document(400, Bodies.cutOff(e).problem());
            default -> broken(thrown);
        };
    }

    /** The answer to a refusal by a room. */
    public static Answer document(Problem problem) {
        return document(status(problem), problem);
    }

    static int status(Problem problem) {
        return switch (problem.category()) {
            case INVALID -> problem.type().startsWith(UNREADABLE) ? 400 : 422;
            case UNAUTHENTICATED -> 401;
            case FORBIDDEN -> 403;
            case NOT_FOUND -> 404;
            case CONFLICT -> 409;
            case TOO_LARGE -> 413;
            case UNAVAILABLE -> 503;
        };
    }

    public static Answer document(int status, Problem problem) {
        Json.Builder body = Json.object()
                .put("type", BASE + problem.type())
                .put("title", problem.title())
                .put("status", status)
                .put("detail", problem.detail());
        problem.extras().forEach(body::put);
        Answer answer = Answer.bytes(status, TYPE, Jcs.bytes(body.build()));
        return switch (status) {
            case 401 -> answer.header("WWW-Authenticate", "Bearer realm=\"tallystick\"");
            case 415 -> answer.header("Accept-Encoding", Bodies.IDENTITY);
            case 429 -> answer.header("Retry-After", Long.toString(KeyDoor.WINDOW.toSeconds()));
            case 503 -> answer.header("Retry-After", Long.toString(RETRY_AFTER.toSeconds()));
            default -> answer;
        };
    }

    private static Answer unavailable(RuntimeException e) {
        LOG.warn("unavailable: {}", Reasons.of(e));
        return document(Problem.unavailable(
                "service/unavailable", "Unavailable", "the log or the database does not answer now; ask again"));
    }

    private static Answer broken(Throwable thrown) {
        String incident = UUID.randomUUID().toString();
        LOG.error("incident {}", incident, thrown);
        return document(
                500,
                Problem.of(Category.INVALID, "service/error", "Error", "something is broken here; incident " + incident)
                        .with("incident", incident));
    }
}
