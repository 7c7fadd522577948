package org.tallystick.platform.settlement.closing;

import java.util.Objects;
import java.util.Optional;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Salt;
import org.tallystick.protocol.statement.CloseKey;
import org.tallystick.protocol.tree.MerkleTree;

/**
 * How a close commits to its statements and invoices: by their hashes under salts of its key, so that nobody who sees the
 * root can find out what is under it by guessing.
 *
 * @param key empty for closes of before the log's change of format, in whose root the hashes stand as they are
 */
public record Commitments(Optional<CloseKey> key) {
    /** Closes of before the change of format. */
    public static final Commitments PLAIN = new Commitments(Optional.empty());

    public Commitments {
        Objects.requireNonNull(key);
    }

    /** The salt of the statement or invoice with an id. */
    public Optional<Salt> salt(String id) {
        return key.map(secret -> secret.salt(id));
    }

    /** The leaf of a statement or invoice in the close's tree. */
    public Hash leaf(String id, Hash hash) {
        return MerkleTree.leafHash(
                salt(id).map(salt -> salt.commit(hash)).orElse(hash).toBytes());
    }
}
