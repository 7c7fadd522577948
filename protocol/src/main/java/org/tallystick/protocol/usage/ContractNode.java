package org.tallystick.protocol.usage;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Salt;
import org.tallystick.protocol.tree.MerkleTree;

/**
 * The leaf of one contract in the tree of a close, 153 bytes: 03, then what follows here in its order. Says how many sets
 * and payees there are, so that none can be left out of an opening unseen.
 *
 * @param contract id of the contract, by {@link UsageNames}
 * @param sets root over the nodes of its sets in which a work is used, in order of job and scope
 * @param setCount how many those are
 * @param amounts root over what each payee is due, in order of payee
 * @param payees how many those are
 * @param invoice SHA-256 of the invoice's canonical JSON
 */
public record ContractNode(Hash contract, Hash sets, int setCount, Hash amounts, int payees, Hash invoice, Salt salt) {
    static final int LENGTH = 1 + 4 * Hash.BYTES + 2 * Integer.BYTES + Salt.LENGTH;

    private static final byte KIND = 3;

    /** The root over the nodes of sets. */
    public static Hash sets(List<SetNode> nodes) {
        return MerkleTree.root(nodes.stream().map(SetNode::leafHash).toList());
    }

    /** The root over what payees are due. */
    public static Hash amounts(List<AmountLeaf> leaves) {
        return MerkleTree.root(leaves.stream().map(AmountLeaf::leafHash).toList());
    }

    /** @throws MalformedException {@code usage/contract-node} for other bytes than {@link #encode} gives */
    public static ContractNode decode(byte[] bytes) {
        if (bytes.length != LENGTH || bytes[0] != KIND) {
            throw new MalformedException("usage/contract-node", "a contract's node has " + LENGTH + " bytes, 03 first");
        }
        int counts = 1 + 2 * Hash.BYTES;
        int amounts = counts + Integer.BYTES;
        int payees = amounts + Hash.BYTES;
        int invoice = payees + Integer.BYTES;
        ByteBuffer in = ByteBuffer.wrap(bytes);
        return new ContractNode(
                Hash.at(bytes, 1),
                Hash.at(bytes, 1 + Hash.BYTES),
                in.getInt(counts),
                Hash.at(bytes, amounts),
                in.getInt(payees),
                Hash.at(bytes, invoice),
                new Salt(HexFormat.of().formatHex(bytes, invoice + Hash.BYTES, LENGTH)));
    }

    public byte[] encode() {
        return ByteBuffer.allocate(LENGTH)
                .put(KIND)
                .put(contract.toBytes())
                .put(sets.toBytes())
                .putInt(setCount)
                .put(amounts.toBytes())
                .putInt(payees)
                .put(invoice.toBytes())
                .put(salt.toBytes())
                .array();
    }

    /** The leaf in the tree of the close. */
    public Hash leafHash() {
        return MerkleTree.leafHash(encode());
    }
}
