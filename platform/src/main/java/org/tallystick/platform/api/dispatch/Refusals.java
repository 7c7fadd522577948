package org.tallystick.platform.api.dispatch;

import java.util.Locale;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.platform.party.Principal;

/** Refusals of the HTTP face itself; all others come from the rooms. */
public final class Refusals {
    private Refusals() {}

    /** A request that cannot be read. */
    public static Problem malformed(String type, String detail) {
        return Problem.invalid(type, title(type), detail);
    }

    static Problem keyMissing(Endpoint endpoint) {
        return Problem.unauthenticated(
                "auth/key-missing",
                "API key missing",
                endpoint.method() + " " + endpoint.path() + " needs the header Authorization with an API key");
    }

    static Problem keyInvalid() {
        return Problem.unauthenticated(
                "auth/key-invalid", "API key not valid", "the header Authorization holds no valid API key");
    }

    static Problem roleNotAllowed(Endpoint endpoint, Caller caller) {
        return Problem.forbidden(
                "auth/role-not-allowed",
                "Not allowed for this role",
                endpoint.method() + " " + endpoint.path() + " is for " + endpoint.callersInWords() + ", not for "
                        + caller.word());
    }

    /** For what does not exist and for what is not the caller's, so that nobody learns from the answer which it is. */
    public static Problem unknown(String what, Object id) {
        return Problem.notFound(what + "/unknown", "Unknown " + what, "there is no " + what + " " + id);
    }

    static Problem keyEnded(boolean revoked) {
        return revoked
                ? Problem.unauthenticated(
                        "auth/key-revoked",
                        "API key revoked",
                        "this API key was revoked; ask for another one: tallystick key new")
                : Problem.unauthenticated(
                        "auth/key-expired",
                        "API key expired",
                        "the time of this API key is over; ask for another one: tallystick key new");
    }

    static Problem signatureNotTaken(Endpoint endpoint) {
        return Problem.unauthenticated(
                "auth/signature-not-taken",
                "No signed requests here",
                endpoint.method() + " " + endpoint.path() + " needs an API key; a signed request gets one:"
                        + " POST /parties/{party}/keys");
    }

    static Problem signatureNeeded(Endpoint endpoint, Principal party) {
        return Problem.forbidden(
                "auth/signature-needed",
                "Signature needed",
                endpoint.method() + " " + endpoint.path() + " is done by " + party.id()
                        + " with a request signed by its registered key, not with an API key; tallystick key and"
                        + " tallystick party sign it");
    }

    /** For a key that the operator made, and so could act with itself. */
    static Problem keyNotOwn(Endpoint endpoint, Principal party) {
        return Problem.forbidden(
                "auth/key-not-own",
                "Not the party's own API key",
                endpoint.method() + " " + endpoint.path() + " is an act of the "
                        + party.role().text() + " " + party.id()
                        + ", and the operator made this API key: it can read, not act; the party asks for one of its"
                        + " own: tallystick key new --party " + party.id() + " --sign-key FILE --out FILE");
    }

    /** For an API key that would end another: a leaked one must not. */
    public static Problem onlyItself(Principal party) {
        return Problem.forbidden(
                "auth/signature-needed",
                "Signature needed",
                "an API key of " + party.id() + " ends itself and no other; another ends by a request signed with the"
                        + " registered key: tallystick key revoke");
    }

    static HttpRefusedException tooLarge(long limit) {
        return new HttpRefusedException(
                413,
                Problem.tooLarge(
                                "http/body-too-large",
                                "Body too large",
                                "at most " + limit + " bytes are accepted here")
                        .with("limit", limit));
    }

    /** For what would make the bytes of a body mean something else than they are; nobody here decodes it. */
    static HttpRefusedException unsupportedEncoding(String where, String what) {
        return new HttpRefusedException(
                415,
                Problem.invalid(
                        "http/unsupported-encoding",
                        "Unsupported encoding",
                        where + " says " + what + "; bytes are accepted as they are, text in UTF-8"));
    }

    /** The slug in words, so that title and slug never drift apart. */
    static String title(String type) {
        String words = type.substring(type.indexOf('/') + 1).replace('-', ' ');
        return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }
}
