package org.tallystick.protocol.sign;

import java.util.regex.Pattern;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.MalformedException;

/**
 * The name of a key in the DID document of a {@code did:web}, an identity that is an internet domain. Never fetches the
 * document: whoever verifies offline must have it.
 *
 * @param did without the fragment
 * @param fragment the key's name inside the document
 */
public record DidWeb(String did, String fragment) {
    private static final Pattern DID = Pattern.compile(
            "did:web:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?(?:%3A[1-9][0-9]{0,4})?(?::[A-Za-z0-9._-]{1,64}){0,8}");
    private static final Pattern FRAGMENT = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    /** @throws MalformedException {@code did-web/malformed} */
    public DidWeb {
        if (!DID.matcher(did).matches() || !FRAGMENT.matcher(fragment).matches()) {
            throw new MalformedException(
                    "did-web/malformed", Fields.shown(did + "#" + fragment) + " is not a did:web with a key after #");
        }
    }

    /**
     * Reads {@code did:web:…#key}.
     *
     * @throws MalformedException {@code did-web/malformed}
     */
    public static DidWeb parse(String text) {
        int hash = text.indexOf('#');
        if (hash < 0) {
            throw new MalformedException(
                    "did-web/malformed", Fields.shown(text) + " is not a did:web with a key after #");
        }
        return new DidWeb(text.substring(0, hash), text.substring(hash + 1));
    }

    /** The https address at which the owner of the domain publishes the document. */
    public String location() {
        String[] parts = did.substring("did:web:".length()).split(":", -1);
        String host = parts[0].replace("%3A", ":");
        StringBuilder path = new StringBuilder();
        for (int i = 1; i < parts.length; i++) {
            path.append('/').append(parts[i]);
        }
        return "https://" + host + (path.isEmpty() ? "/.well-known" : path) + "/did.json";
    }

    @Override
    public String toString() {
        return did + "#" + fragment;
    }
}
