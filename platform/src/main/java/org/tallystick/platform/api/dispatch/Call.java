package org.tallystick.platform.api.dispatch;

import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.JobId;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.kernel.RefusedException;
import org.tallystick.platform.party.Bearer;
import org.tallystick.platform.party.Principal;
import org.tallystick.platform.party.Role;
import org.tallystick.platform.party.SignedRequests;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.Scope;

/**
 * One request as actions see it: who asks, and typed values of path, query, header and body. What cannot be read is
 * refused with 400 here, so that actions only meet values. One thread, one use.
 */
public final class Call {
    static final int DEFAULT_LIMIT = 100;
    static final int MAX_LIMIT = 200;

    private static final int MAX_CURSOR = 512;

    private final Context context;
    private final Endpoint endpoint;
    private final Optional<Bearer> bearer;
    private final Optional<SignedRequests.Taken> signed;
    private final Bodies bodies;

    Call(
            Context context,
            Endpoint endpoint,
            Optional<Bearer> bearer,
            Optional<SignedRequests.Taken> signed,
            Bodies bodies) {
        this.context = context;
        this.endpoint = endpoint;
        this.bearer = bearer;
        this.signed = signed;
        this.bodies = bodies;
    }

    /** Who asks; the policy has let nobody else through. */
    public Principal principal() {
        return bearer().principal();
    }

    /** Who asks, and how it has shown so. */
    public Bearer bearer() {
        return bearer.orElseThrow(() -> Refusals.keyMissing(endpoint).asException());
    }

    /** The request as its party signed it; empty where an API key was shown. */
    public Optional<SignedRequests.Taken> signed() {
        return signed;
    }

    public PartyId party() {
        return principal().id();
    }

    /** Whether the caller may see what is not its own: operators and auditors. */
    public boolean seesAll() {
        Role role = principal().role();
        return role == Role.OPERATOR || role == Role.AUDITOR;
    }

    // ---- path and query

    public String path(String name) {
        return context.pathParam(name);
    }

    public <T> T path(String name, Function<String, T> reader) {
        return read("path", name, path(name), reader);
    }

    public PartyId partyInPath() {
        return path("party", PartyId::new);
    }

    public ContractId contractInPath() {
        return path("contract", ContractId::new);
    }

    public JobId jobInPath() {
        return path("job", JobId::new);
    }

    public Hash rootInPath() {
        return path("root", Hash::ofHex);
    }

    public ContentId contentInPath() {
        return path("content", ContentId::parse);
    }

    /** A whole number of the path, from 1. */
    public int numberInPath(String name) {
        return path(name, text -> (int) number(text, 1, Integer.MAX_VALUE));
    }

    public Optional<String> query(String name) {
        List<String> values = context.queryParams(name);
        if (values.size() > 1) {
            throw HttpRefusedException.malformed(
                    Refusals.malformed("http/duplicate-parameter", name + " is given more than once")
                            .with("query", name));
        }
        return values.stream().findFirst();
    }

    public <T> Optional<T> query(String name, Function<String, T> reader) {
        return query(name).map(text -> read("query", name, text, reader));
    }

    /** The required query parameter. */
    public <T> T needed(String name, Function<String, T> reader) {
        return query(name, reader)
                .orElseThrow(() -> HttpRefusedException.malformed(
                        Refusals.malformed("http/missing-parameter", "the query needs " + name)
                                .with("query", name)));
    }

    public long number(String name, long otherwise, long min, long max) {
        return query(name, text -> number(text, min, max)).orElse(otherwise);
    }

    public int limit() {
        return (int) number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT);
    }

    public Optional<String> cursor() {
        return query("cursor", text -> {
            if (text.isEmpty() || text.length() > MAX_CURSOR) {
                throw new MalformedException("http/cursor", "a cursor is what a page before gave as next");
            }
            return text;
        });
    }

    public Optional<Scope> scope() {
        return query("scope", Scope::ofWord);
    }

    private static long number(String text, long min, long max) {
        if (text.matches("0|[1-9][0-9]{0,17}")) {
            long number = Long.parseLong(text);
            if (number >= min && number <= max) {
                return number;
            }
        }
        throw new MalformedException("http/number", Fields.shown(text) + " is not a number from " + min + " to " + max);
    }

    /** Whatever is wrong with a value of path or query makes the request malformed, and says which value it was. */
    private static <T> T read(String where, String name, String text, Function<String, T> reader) {
        try {
            return reader.apply(text);
        } catch (MalformedException e) {
            throw HttpRefusedException.malformed(
                    Refusals.malformed(e.reason(), e.detail()).with(where, name));
        } catch (RefusedException e) {
            throw HttpRefusedException.malformed(e.problem().with(where, name));
        }
    }

    // ---- headers and body

    /** Whether a media type is what the caller asks for first of all. */
    public boolean prefers(String type) {
        return header("Accept")
                .filter(accept -> accept.strip().startsWith(type))
                .isPresent();
    }

    public Optional<String> header(String name) {
        return Optional.ofNullable(context.header(name));
    }

    /** The body as an object, named for messages. */
    public Fields json(String where) {
        return Fields.strict(bodies.json(), where);
    }

    public Json.Obj jsonObject(String where) {
        return json(where).object();
    }

    /** Reads the whole body now, so that what comes later waits for nobody's network. */
    void readBody() throws IOException {
        bodies.bytes();
    }

    /** The whole body, within the endpoint's limit. */
    public byte[] bytes() throws IOException {
        return bodies.bytes();
    }

    /** The body as it comes, within the endpoint's limit. */
    public InputStream stream() throws IOException {
        return bodies.stream();
    }

    /** Whether the body is a form. */
    public boolean isMultipart() {
        return bodies.isMultipart();
    }

    /** The body's parts, to be closed; only where it is a form. */
    public Multipart multipart() throws IOException {
        return bodies.multipart();
    }

    /** The caller's name for this command, if it gave one and the endpoint honours it. */
    public Optional<String> idempotencyKey() {
        return header(Idempotency.HEADER);
    }

    Map<String, String> pathParameters() {
        return context.pathParamMap();
    }
}
