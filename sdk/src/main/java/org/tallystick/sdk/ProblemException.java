package org.tallystick.sdk;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;

/** The server refused the request with a problem document (RFC 9457). Nothing was changed. */
public final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final String BASE = "https://tallystick.org/problems/";

    private final int status;
    private final String type;
    private final String title;
    private final transient Map<String, String> extras;

    ProblemException(int status, String type, String title, String detail, Map<String, String> extras) {
        super(status + " " + type + ": " + detail);
        this.status = status;
        this.type = type;
        this.title = title;
        this.extras = Collections.unmodifiableMap(new TreeMap<>(extras));
    }

    /** Reads the body of an error answer. Accepts any body, because proxies answer too. */
    static ProblemException of(int status, byte[] body) {
        try {
            Fields problem = Fields.of(Json.parseObject(body), "problem");
            String type = problem.text("type", 200);
            Map<String, String> extras = new TreeMap<>();
            problem.object().members().forEach((name, value) -> {
                switch (value) {
                    case Json.Str text -> extras.put(name, text.value());
                    case Json.Num number -> extras.put(name, number.toString());
                    default -> extras.put(name, value.toString());
                }
            });
            for (String known : new String[] {"type", "title", "status", "detail"}) {
                extras.remove(known);
            }
            return new ProblemException(
                    status,
                    type.startsWith(BASE) ? type.substring(BASE.length()) : type,
                    problem.optionalText("title").orElse(""),
                    problem.optionalText("detail").orElse(""),
                    extras);
        } catch (MalformedException e) {
            return new ProblemException(
                    status, "http/status-" + status, "HTTP " + status, "no problem document was sent", Map.of());
        }
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** The stable slug to match on, for example {@code contract/split-not-whole}. */
    public String type() {
        return type;
    }

    /** The slug in words. */
    public String title() {
        return title;
    }

    /** Further members of the problem document, for a program. */
    public Map<String, String> extras() {
        return extras;
    }
}
