package org.tallystick.sdk;

import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.receipt.Grant;

/**
 * A scoped token.
 *
 * @param text what to present to an edge; a secret, kept out of {@link #toString}
 * @param grant what it grants; its {@code tokenId} stands in every receipt
 */
public record Token(String text, Grant grant) {
    static Token of(Fields fields) {
        return new Token(
                fields.text("token"), Grant.ofClaims(fields.fields("claims").object()));
    }

    @Override
    public String toString() {
        return "Token[" + grant.tokenId() + "]";
    }
}
