package org.tallystick.protocol.sign;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.tallystick.protocol.codec.Base64Url;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;

/**
 * A DID document (W3C DID Core) that the caller has as a file: it says which Ed25519 keys may sign for a {@code
 * did:web}. Other people write these documents, so unknown members and keys of other algorithms are ignored. Immutable,
 * safe from any thread.
 */
public final class DidDocument {
    /** Longest document accepted, in bytes. */
    public static final int MAX_BYTES = 1 << 20;

    private static final String METHODS = "verificationMethod";
    private static final String ASSERTION = "assertionMethod";

    private static final List<String> MATERIAL = List.of(
            "publicKeyMultibase", "publicKeyJwk", "publicKeyBase58", "publicKeyHex", "publicKeyBase64", "publicKeyPem");

    private final String id;
    private final Map<String, Key> keys = new HashMap<>();
    private final Set<String> names = new HashSet<>();
    private final Set<String> asserting = new HashSet<>();

    /**
     * A key as the document lists it.
     *
     * @param expires first moment at which it must no longer be used
     * @param revoked from when on it must no longer be used, whenever a signature says it was made: it says so itself
     */
    public record Key(DidKey key, Optional<Instant> expires, Optional<Instant> revoked) {
        public Key {
            Objects.requireNonNull(key);
        }
    }

    private DidDocument(Fields document) {
        this.id = document.text("id");
        document.optionalArray(METHODS).forEach(this::method);
        for (Json item : document.optionalArray(ASSERTION)) {
            if (item instanceof Json.Str reference) {
                asserting.add(absolute(reference.value()));
            } else {
                method(item).ifPresent(asserting::add);
            }
        }
    }

    /**
     * Reads a document's text.
     *
     * @throws MalformedException {@code did-document/…} or {@code json/…}
     */
    public static DidDocument parse(byte[] utf8) {
        if (utf8.length > MAX_BYTES) {
            throw new MalformedException(
                    "did-document/oversized", "a DID document has at most " + MAX_BYTES + " bytes");
        }
        return new DidDocument(Fields.of(Json.parseObject(utf8), "did"));
    }

    /** The DID this document belongs to. */
    public String id() {
        return id;
    }

    /**
     * The key of that name, if the document lists it under {@code assertionMethod}: only such keys may sign documents.
     */
    public Optional<Key> key(DidWeb name) {
        String full = name.toString();
        return asserting.contains(full) ? Optional.ofNullable(keys.get(full)) : Optional.empty();
    }

    private Optional<String> method(Json item) {
        Fields method = Fields.of(item, METHODS);
        String name = absolute(method.text("id"));
        if (!names.add(name)) {
            throw new MalformedException("did-document/duplicate", Fields.shown(name) + " stands twice");
        }
        Optional<DidKey> key = multibase(method).or(() -> jwk(method));
        if (key.isPresent()
                && MATERIAL.stream()
                                .filter(form -> method.optional(form).isPresent())
                                .count()
                        > 1) {
            throw new MalformedException(
                    "did-document/two-keys",
                    Fields.shown(name) + " holds a key in more than one form; which one counts?");
        }
        key.ifPresent(found ->
                keys.put(name, new Key(found, method.optionalInstant("expires"), method.optionalInstant("revoked"))));
        return key.map(found -> name);
    }

    private static Optional<DidKey> multibase(Fields method) {
        return method.optionalText("publicKeyMultibase")
                .filter(text -> text.startsWith("z6Mk"))
                .map(text -> DidKey.parse("did:key:" + text));
    }

    private static Optional<DidKey> jwk(Fields method) {
        return method.optionalFields("publicKeyJwk")
                .filter(jwk -> jwk.optionalText("kty").equals(Optional.of("OKP"))
                        && jwk.optionalText("crv").equals(Optional.of("Ed25519"))
                        && jwk.optionalText("use").orElse("sig").equals("sig"))
                .map(jwk -> new DidKey(Base64Url.decode(jwk.text("x"), "did-document/key")));
    }

    private String absolute(String name) {
        return name.startsWith("#") ? id + name : name;
    }
}
