package org.tallystick.platform.log;

import java.util.Objects;
import java.util.Optional;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.SaltedText;

/**
 * Words of a party that a person could be known by, on their way into the log: there stands {@link #json()}, which commits to
 * them, and {@link Wording} keeps the words themselves. Entries of the first release hold the words in clear in the same
 * place, so whoever reads an entry asks {@link #clear}.
 *
 * @param owner whose words they are, and who may have them erased
 */
public record Words(PartyId owner, SaltedText salted) {
    private static final String SALTED = "salted";
    private static final String OWNER = "words_of";

    public Words {
        Objects.requireNonNull(owner);
        Objects.requireNonNull(salted);
    }

    /** Words under a salt of their own. */
    public static Words of(PartyId owner, String text) {
        return new Words(owner, SaltedText.fresh(text));
    }

    /** The words. */
    public String text() {
        return salted.text();
    }

    /** Whether there is nothing to hide. */
    boolean isEmpty() {
        return salted.text().isEmpty();
    }

    /** What stands in an entry; no words stand there as an empty text. */
    public Json json() {
        return isEmpty()
                ? Json.of("")
                : Json.object()
                        .put(SALTED, salted.commitment().hex())
                        .put(OWNER, owner.value())
                        .build();
    }

    /** What a member of an entry says in clear; empty where it commits to words. */
    public static String clear(Fields body, String member) {
        return commitment(body.object(), member).isPresent() ? "" : body.text(member);
    }

    /** What a member of an entry commits to, if it does. */
    public static Optional<Commitment> commitment(Json.Obj body, String member) {
        return body.get(member).flatMap(Words::commitment);
    }

    static Optional<Commitment> commitment(Json value) {
        if (value instanceof Json.Obj object
                && object.members().size() == 2
                && object.get(SALTED).orElse(Json.NULL) instanceof Json.Str(String hash)
                && object.get(OWNER).orElse(Json.NULL) instanceof Json.Str(String owner)) {
            return Optional.of(new Commitment(Hash.ofHex(hash), new PartyId(owner)));
        }
        return Optional.empty();
    }

    /**
     * What an entry holds in place of words.
     *
     * @param hash of salt and words
     * @param owner whose words they are
     */
    public record Commitment(Hash hash, PartyId owner) {
        public Commitment {
            Objects.requireNonNull(hash);
            Objects.requireNonNull(owner);
        }
    }
}
