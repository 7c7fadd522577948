package org.tallystick.protocol.usage;

import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Salt;

/**
 * The secret of one contract in one close, from which the salts of its node and of its payees' amounts follow: HMAC-SHA-256
 * of the close's key and the contract's name. The buyer is shown that of its own contract.
 *
 * @param secret the secret
 */
public record ContractKey(Hash secret) {
    /** The salt of the contract's node. */
    public Salt nodeSalt() {
        return SetKey.salt(secret, "contract");
    }

    /** The salt of what a payee is due. */
    public Salt amountSalt(String payee) {
        return SetKey.salt(secret, "amount\n" + payee);
    }

    /** Says nothing of the secret, so that no log line does. */
    @Override
    public String toString() {
        return "ContractKey";
    }
}
