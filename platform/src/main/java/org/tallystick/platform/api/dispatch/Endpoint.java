package org.tallystick.platform.api.dispatch;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A row of {@link Policy}.
 *
 * @param path as in the OpenAPI document
 * @param callers who may call
 * @param proof how callers must show who they are
 * @param body what is read of a request
 * @param repetition whether and how an {@code Idempotency-Key} is honoured
 * @param parameters names of the query parameters known
 */
public record Endpoint(
        String operation,
        String method,
        String path,
        Set<Caller> callers,
        Proof proof,
        Body body,
        Repetition repetition,
        Set<String> parameters) {
    /** Parameters of a path that hold slashes. */
    private static final Set<String> WITH_SLASHES = Set.of("ref", "tile");

    /** Whether a command is remembered under the caller's key. */
    public enum Repetition {
        /** No: reading changes nothing, and uploads and batches are known by their content. */
        NONE,
        /** Its answer is kept. */
        KEPT,
        /** Its answer holds a secret and is kept sealed. */
        SEALED
    }

    /** The kinds of bodies and the content types they come as. */
    public enum Kind {
        NONE(List.of()),
        EMPTY(List.of()),
        JSON(List.of("application/json")),
        CONTRACT(List.of("application/json", "application/ld+json")),
        BUNDLE(List.of("application/vnd.tallystick.bundle")),
        CONTENT(List.of("application/octet-stream", "multipart/form-data")),
        PART(List.of("application/partial-upload"));

        private final List<String> types;

        Kind(List<String> types) {
            this.types = types;
        }

        public List<String> types() {
            return types;
        }

        public boolean isJson() {
            return this == JSON || this == CONTRACT;
        }
    }

    /**
     * What is read of a request.
     *
     * @param limit most bytes
     */
    public record Body(Kind kind, long limit) {
        static Body parse(String text) {
            if (text.equals(".")) {
                return new Body(Kind.NONE, 0);
            }
            String[] parts = text.split(":");
            return new Body(Kind.valueOf(parts[0].toUpperCase(java.util.Locale.ROOT)), bytes(parts[1]));
        }

        private static long bytes(String text) {
            int unit = "KMG".indexOf(text.charAt(text.length() - 1)) + 1;
            long number = Long.parseLong(unit > 0 ? text.substring(0, text.length() - 1) : text);
            return number << (10 * unit);
        }
    }

    static Endpoint parse(String row) {
        String[] columns = row.strip().split("\\s+");
        if (columns.length != 7) {
            throw new IllegalArgumentException("not a row: " + row);
        }
        String[] callers = columns[3].split("/", 2);
        return new Endpoint(
                columns[0],
                columns[1],
                columns[2],
                callers(callers[0]),
                callers.length == 1 ? Proof.KEY : Proof.parse(callers[1]),
                Body.parse(columns[4]),
                switch (columns[5]) {
                    case "key" -> Repetition.KEPT;
                    case "secret" -> Repetition.SEALED;
                    default -> Repetition.NONE;
                },
                columns[6].equals(".") ? Set.of() : Set.of(columns[6].split(",")));
    }

    private static Set<Caller> callers(String letters) {
        Set<Caller> callers = EnumSet.noneOf(Caller.class);
        for (Caller caller : Caller.values()) {
            char found = letters.charAt(caller.ordinal());
            if (found != '.') {
                if (found != caller.letter()) {
                    throw new IllegalArgumentException("column " + caller + " holds '" + found + "'");
                }
                callers.add(caller);
            }
        }
        return callers;
    }

    boolean allows(Caller caller) {
        return callers.contains(caller);
    }

    /** Whether anybody may call, so that nobody needs to show who they are. */
    public boolean isPublic() {
        return allows(Caller.ANONYMOUS);
    }

    /**
     * The methods it answers. Whatever can be read can be asked for its headers alone, with the same key and the same answer
     * but for the body; the web server must not answer that by itself.
     */
    public List<String> methods() {
        return method.equals("GET") ? List.of("GET", "HEAD") : List.of(method);
    }

    /** Whether a path of a request is this one. */
    boolean matches(String requestPath) {
        String pattern = route().replaceAll("<[a-z]+>", ".+").replaceAll("\\{[a-z]+}", "[^/]+");
        return requestPath.matches(pattern);
    }

    /** Whether programs that know no bearer keys subscribe to it. */
    boolean isSubscribed() {
        return path.endsWith(".ics");
    }

    /** The path in the web server's notation. */
    public String route() {
        String route = path;
        for (String name : WITH_SLASHES) {
            route = route.replace("{" + name + "}", "<" + name + ">");
        }
        return route;
    }

    String callersInWords() {
        return callers.stream().map(Caller::word).collect(Collectors.joining(", "));
    }
}
