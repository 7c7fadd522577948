package org.tallystick.platform.ledger;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Sha256;

/**
 * SHA-256 over everything a posting group says: tells a repeat from a conflict without comparing rows, and a row changed
 * behind our back from a sound one. Takes raw fields, because it must also work on rows no record would accept. Every
 * text is preceded by its length, so that no two contents run together to the same bytes.
 */
final class GroupDigest {
    private final MessageDigest digest = Sha256.newDigest();
    private int transfers;

    GroupDigest(byte[] id, Instant at, String description, String reference) {
        bytes("tallystick/posting/v1".getBytes(StandardCharsets.US_ASCII));
        bytes(id);
        number(ChronoUnit.MICROS.between(Instant.EPOCH, at));
        text(description);
        text(reference);
    }

    GroupDigest transfer(
            byte[] id,
            String debit,
            String credit,
            String currency,
            BigInteger amount,
            String description,
            String reference) {
        transfers++;
        bytes(id);
        text(debit);
        text(credit);
        text(currency);
        amount(amount);
        text(description);
        text(reference);
        return this;
    }

    Hash finish() {
        number(transfers);
        return Hash.of(digest.digest());
    }

    static Hash of(PostingGroup group) {
        GroupDigest digest = new GroupDigest(group.id().toBytes(), group.at(), group.description(), group.reference());
        for (Transfer t : group.transfers()) {
            digest.transfer(
                    t.id().toBytes(),
                    t.debit(),
                    t.credit(),
                    t.amount().currency().code(),
                    t.amount().micros(),
                    t.description(),
                    t.reference());
        }
        return digest.finish();
    }

    private void text(String text) {
        bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    private void bytes(byte[] bytes) {
        digest.update(ByteBuffer.allocate(4).putInt(bytes.length).flip());
        digest.update(bytes);
    }

    /** As a number of 64 bits where it is one, else after -1, which no amount is, so that old digests stay what they are. */
    private void amount(BigInteger amount) {
        if (amount.bitLength() < Long.SIZE) {
            number(amount.longValue());
        } else {
            number(-1);
            bytes(amount.toByteArray());
        }
    }

    private void number(long number) {
        digest.update(ByteBuffer.allocate(8).putLong(number).flip());
    }
}
