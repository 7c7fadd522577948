package org.tallystick.protocol.statement;

import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Hmac;
import org.tallystick.protocol.codec.Salt;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.usage.ContractKey;
import org.tallystick.protocol.usage.SetKey;
import org.tallystick.protocol.usage.UsageNames;

/**
 * The secret of one close, from which all of its salts follow, so that a close can be computed again to the byte by whoever
 * has it: the platform, which derives it from its own secret, and auditors, who read it in the log. A payee is shown only
 * the salts of its own documents.
 *
 * @param bytes the secret
 */
public record CloseKey(Hash bytes) {
    private static final String DOMAIN = "tallystick/close-key/v1";

    /**
     * The secret of a close: HMAC-SHA-256 under the platform's secret.
     *
     * @param secret the platform's, 32 bytes, kept with its key
     * @param platform the platform's name: the log's origin
     * @param period id of the period closed
     */
    public static CloseKey derive(byte[] secret, String platform, String period) {
        return new CloseKey(Hmac.sha256(secret, String.join("\n", DOMAIN, platform, period)));
    }

    /** The salt of the statement or invoice with this id. */
    public Salt salt(String id) {
        return Salt.of(bytes, id);
    }

    /** The secret of what was used under a contract and job, for a scope. */
    public SetKey set(String contract, String job, Scope scope) {
        return new SetKey(Hmac.sha256(bytes.toBytes(), UsageNames.set(contract, job, scope)));
    }

    /** The secret of a contract's node and of what its payees are due. */
    public ContractKey contract(String contract) {
        return new ContractKey(Hmac.sha256(bytes.toBytes(), UsageNames.contract(contract)));
    }

    /** Says nothing of the secret, so that no log line does. */
    @Override
    public String toString() {
        return "CloseKey";
    }
}
