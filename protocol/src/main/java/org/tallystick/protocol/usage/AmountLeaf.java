package org.tallystick.protocol.usage;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.regex.Pattern;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Salt;
import org.tallystick.protocol.pricing.Exact;
import org.tallystick.protocol.tree.MerkleTree;

/**
 * What one payee has earned under a contract in all, up to a close, and what was posted of it: a leaf of the contract's
 * amounts, canonical JSON. Sums only grow or fall as a whole, so a correction needs no leaf below zero.
 *
 * @param payee party id
 * @param due exact, in major units
 * @param posted micros, not negative
 * @param lines hash of the payee's lines of this close under the contract, as the statement has them but for their numbers
 */
public record AmountLeaf(String payee, Exact due, BigInteger posted, Hash lines, Salt salt) {
    private static final Pattern POSTED = Pattern.compile("(0|[1-9][0-9]{0,29})\\.[0-9]{6}");

    /** @throws MalformedException {@code usage/amount} for less than nothing */
    public AmountLeaf {
        if (due.isNegative() || posted.signum() < 0) {
            throw new MalformedException("usage/amount", "in all, " + payee + " is due less than nothing");
        }
    }

    public Json.Obj json() {
        return Json.object()
                .put("due", due.toString())
                .put("lines", lines.hex())
                .put("payee", payee)
                .put("posted", new BigDecimal(posted, 6).toPlainString())
                .put("salt", salt.hex())
                .build();
    }

    public static AmountLeaf of(Fields fields) {
        String posted = fields.text("posted");
        if (!POSTED.matcher(posted).matches()) {
            throw new MalformedException("usage/amount", fields.path("posted") + " must be a decimal with six places");
        }
        AmountLeaf leaf = new AmountLeaf(
                fields.text("payee", 64),
                Exact.parse(fields.text("due"), fields.path("due")),
                new BigDecimal(posted).unscaledValue(),
                Hash.ofHex(fields.text("lines")),
                new Salt(fields.text("salt")));
        fields.noOthers();
        return leaf;
    }

    public Hash leafHash() {
        return MerkleTree.leafHash(Jcs.bytes(json()));
    }
}
