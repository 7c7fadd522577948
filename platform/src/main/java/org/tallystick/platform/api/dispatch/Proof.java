package org.tallystick.platform.api.dispatch;

import java.util.Optional;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.platform.party.Bearer;
import org.tallystick.platform.party.Shown;

/**
 * A part of the policy: how a caller must show who it is. What is done in the name of a party that signs is done by that
 * party: with an API key it asked for under its own signature, or with a signature over the request itself. An API key that an
 * operator made for it, as earlier releases did, reads.
 */
public enum Proof {
    /** By any API key. */
    KEY("key"),
    /** By an API key; a party that signs by one it asked for itself. */
    OWN("own"),
    /** By any API key, or by a signed request. */
    ANY("any"),
    /** By a signed request; a party that does not sign by an API key too. */
    SIGNED("sign");

    private final String word;

    Proof(String word) {
        this.word = word;
    }

    static Proof parse(String word) {
        for (Proof proof : values()) {
            if (proof.word.equals(word)) {
                return proof;
            }
        }
        throw new IllegalArgumentException("no proof: " + word);
    }

    /** What stands for it in the table and in the OpenAPI document; for any API key nothing stands there. */
    public String word() {
        return word;
    }

    /** Whether a signed request is taken in place of an API key. */
    boolean takesSignatures() {
        return this == ANY || this == SIGNED;
    }

    /** What is wrong with how somebody has shown who it is; empty where nothing is. */
    Optional<Problem> objection(Endpoint endpoint, Bearer bearer) {
        if (!bearer.principal().role().signs()) {
            return Optional.empty();
        }
        return switch (this) {
            case KEY, ANY -> Optional.empty();
            case OWN ->
                bearer.shown() == Shown.OWN
                        ? Optional.empty()
                        : Optional.of(Refusals.keyNotOwn(endpoint, bearer.principal()));
            case SIGNED ->
                bearer.shown() == Shown.SIGNED
                        ? Optional.empty()
                        : Optional.of(Refusals.signatureNeeded(endpoint, bearer.principal()));
        };
    }
}
