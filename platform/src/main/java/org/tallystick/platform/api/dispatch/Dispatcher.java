package org.tallystick.platform.api.dispatch;

import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.platform.party.Bearer;
import org.tallystick.platform.party.Shown;
import org.tallystick.platform.party.SignedRequests;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Sha256;
import org.tallystick.protocol.sign.SignedRequest;

/**
 * What happens to every request, in this order: who asks, may it, are the headers and the query as they must be, was it
 * asked before, then the action; and whatever is thrown becomes a problem document. The only place that enforces {@link
 * Policy}. Safe from any thread.
 */
public final class Dispatcher {
    private static final String SCHEME = "Bearer ";
    private static final String BASIC = "Basic ";
    private static final String SIGNED = SignedRequest.SCHEME + " ";
    private static final String ANSWERED = "tallystick.answered";

    private final KeyDoor keys;
    private final SignedRequests requests;
    private final Idempotency idempotency;
    private final Path temporary;

    /** @param temporary where parts of forms too large for memory may lie */
    public Dispatcher(KeyDoor keys, SignedRequests requests, Idempotency idempotency, Path temporary) {
        this.temporary = temporary;
        this.keys = keys;
        this.requests = requests;
        this.idempotency = idempotency;
    }

    /**
     * Who asks, before a body is read.
     *
     * @param signed the request itself, where it is signed: to be taken, once, when its body is there
     */
    private record Asking(Bearer bearer, Optional<SignedRequests.Taken> signed) {}

    /** Carries out a request to an endpoint; never throws for what the caller did. */
    public void handle(Context context, Endpoint endpoint, Action action) throws IOException {
        Answer answer;
        try {
            answer = answer(context, endpoint, action);
        } catch (Exception e) {
            answer = Problems.answer(e, endpoint);
        }
        write(context, answer);
    }

    private Answer answer(Context context, Endpoint endpoint, Action action) throws Exception {
        Optional<Asking> asking = endpoint.isPublic() ? Optional.empty() : Optional.of(asking(context, endpoint));
        Bodies bodies = new Bodies(context, endpoint, temporary);
        checkQuery(context, endpoint);
        bodies.checkHeaders();
        Optional<SignedRequests.Taken> signed = asking.flatMap(Asking::signed);
        if (signed.isPresent()) {
            take(signed.get(), bodies, context, endpoint);
        }
        Call call = new Call(context, endpoint, asking.map(Asking::bearer), signed, bodies);
        Optional<String> key = signed.isPresent() ? Optional.empty() : call.idempotencyKey();
        return endpoint.repetition() == Endpoint.Repetition.NONE || key.isEmpty()
                ? action.run(call)
                : idempotency.run(command(context, endpoint, call, key.get(), bodies), action, call);
    }

    /** A signed request is taken once all that can be seen of it is right, its body included. */
    private void take(SignedRequests.Taken signed, Bodies bodies, Context context, Endpoint endpoint)
            throws IOException {
        Outcome<SignedRequests.Taken> taken = requests.take(signed, Sha256.hash(bodies.bytes()));
        if (taken.refusal().isPresent()) {
            keys.wrongRequest(context.req().getRemoteAddr(), endpoint.operation());
        }
        taken.orThrow();
    }

    private Asking asking(Context context, Endpoint endpoint) {
        String header = context.header("Authorization");
        if (header == null) {
            throw Refusals.keyMissing(endpoint).asException();
        }
        String address = context.req().getRemoteAddr();
        Asking asking = header.regionMatches(true, 0, SIGNED, 0, SIGNED.length())
                ? signed(header.substring(SIGNED.length()).strip(), context, endpoint, address)
                : new Asking(keys.open(apiKey(header, endpoint), address, endpoint.operation()), Optional.empty());
        Caller caller = Caller.of(asking.bearer().principal().role());
        Optional<Problem> objection = endpoint.allows(caller)
                ? endpoint.proof().objection(endpoint, asking.bearer())
                : Optional.of(Refusals.roleNotAllowed(endpoint, caller));
        if (objection.isPresent()) {
            keys.refused(asking.bearer(), address, endpoint.operation());
            throw objection.get().asException();
        }
        return asking;
    }

    private Asking signed(String compact, Context context, Endpoint endpoint, String address) {
        if (!endpoint.proof().takesSignatures()) {
            throw Refusals.signatureNotTaken(endpoint).asException();
        }
        keys.checkOpen(address);
        String query = Optional.ofNullable(context.req().getQueryString())
                .map(text -> "?" + text)
                .orElse("");
        Outcome<SignedRequests.Taken> checked =
                requests.check(compact, context.req().getMethod(), context.req().getRequestURI() + query);
        if (checked.refusal().isPresent()) {
            keys.wrongRequest(address, endpoint.operation());
        }
        SignedRequests.Taken signed = checked.orThrow();
        return new Asking(new Bearer(signed.principal(), Shown.SIGNED, Optional.empty()), Optional.of(signed));
    }

    /** Calendar programs subscribe with a name and a password and nothing else: there the password is the key. */
    private static Optional<String> apiKey(String header, Endpoint endpoint) {
        if (header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return Optional.of(header.substring(SCHEME.length()).strip());
        }
        if (!endpoint.isSubscribed() || !header.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            return Optional.empty();
        }
        try {
            byte[] pair =
                    Base64.getDecoder().decode(header.substring(BASIC.length()).strip());
            String text = new String(pair, StandardCharsets.UTF_8);
            return Optional.of(text.substring(text.indexOf(':') + 1));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // not base64, so no key
        }
    }

    private static void checkQuery(Context context, Endpoint endpoint) {
        Set<String> known = endpoint.parameters();
        for (String name : context.queryParamMap().keySet()) {
            if (!known.contains(name)) {
                throw HttpRefusedException.malformed(Refusals.malformed(
                        "http/unknown-parameter",
                        Fields.shown(name) + " is no parameter of " + endpoint.method() + " " + endpoint.path()));
            }
        }
    }

    private static Idempotency.Command command(Context context, Endpoint endpoint, Call call, String key, Bodies bodies)
            throws IOException {
        String apiKey = Optional.ofNullable(context.header("Authorization")).orElse("");
        return new Idempotency.Command(
                call.party(),
                key,
                Idempotency.fingerprint(
                        endpoint.method(),
                        context.path(),
                        Optional.ofNullable(context.req().getContentType()).orElse(""),
                        bodies.bytes()),
                endpoint.repetition() == Endpoint.Repetition.SEALED
                        ? new KeySealing(apiKey)
                        : Idempotency.Sealing.NONE);
    }

    /** Whether an answer of ours stands already, so that the web server's own is not put in its place. */
    public static boolean hasAnswered(Context context) {
        return context.attribute(ANSWERED) != null;
    }

    private static void head(Context context, String type, long length) {
        context.contentType(type).result(new byte[0]); // also in place of what the web server may have put there
        if (length >= 0) {
            context.res().setContentLengthLong(length);
        }
    }

    /**
     * Whether a body was announced that nobody has read to its end. The web server then closes the connection, and a client
     * that was not told so would send its next request into it.
     */
    private static boolean isBodyLeft(Context context) throws IOException {
        boolean announced = context.req().getContentLengthLong() > 0 || context.header("Transfer-Encoding") != null;
        boolean waiting = context.header("Expect") != null;
        return announced && (waiting || !context.req().getInputStream().isFinished());
    }

    public static void write(Context context, Answer answer) throws IOException {
        context.attribute(ANSWERED, true);
        context.status(answer.status());
        SafeHeaders.ALL.forEach(context::header);
        answer.headers().forEach(context::header);
        if (answer.status() >= 400 && isBodyLeft(context)) {
            context.header("Connection", "close");
        }
        boolean headersOnly = context.method().equals(HandlerType.HEAD);
        switch (answer.body()) {
            case Answer.Body.Nothing() -> {}
            case Answer.Body.Bytes(String type, byte[] bytes) when headersOnly -> head(context, type, bytes.length);
            case Answer.Body.Bytes(String type, byte[] bytes) -> {
                context.contentType(type).result(bytes);
                context.res().setContentLengthLong(bytes.length);
            }
            case Answer.Body.Stream(String type, long length, Answer.Writer ignored)
            when headersOnly -> head(context, type, length);
            case Answer.Body.Stream(String type, long length, Answer.Writer writer) -> {
                context.contentType(type);
                if (length >= 0) {
                    context.res().setContentLengthLong(length);
                }
                try (OutputStream out = context.res().getOutputStream()) {
                    writer.write(out);
                }
            }
        }
    }
}
