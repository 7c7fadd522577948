package org.tallystick.sdk;

import java.util.List;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.receipt.TokenId;

/**
 * The tokens and contracts that edges must no longer serve.
 *
 * @param position the log position from which to ask the next time
 * @param closed those of the tokens whose job was closed
 */
public record Revocations(long position, List<TokenId> tokens, List<TokenId> closed, List<String> contracts) {
    /** Copies the lists. */
    public Revocations {
        tokens = List.copyOf(tokens);
        closed = List.copyOf(closed);
        contracts = List.copyOf(contracts);
    }

    static Revocations of(Fields fields) {
        return new Revocations(
                fields.integer("position", 0, Long.MAX_VALUE >> 11),
                fields.strings("tokens").stream().map(TokenId::parse).toList(),
                fields.strings("closed").stream().map(TokenId::parse).toList(),
                fields.strings("contracts"));
    }
}
