package org.tallystick.protocol.sign;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Sha256;

/**
 * Remembers valid signatures, so that each is checked once. Statements of one period rest on the same signed batches,
 * and checking many statements would verify the same signatures again and again. Invalid signatures are not remembered.
 *
 * <p>Holds at most 2^20 hashes of 32 bytes; when they are reached it forgets all and begins anew. Safe from any thread.
 */
public final class RememberingVerifier implements Verifier {
    private static final int MOST = 1 << 20;

    private final Verifier verifier;
    private final Set<Hash> good = new HashSet<>();

    /** @param verifier checks the signatures that are not remembered */
    public RememberingVerifier(Verifier verifier) {
        this.verifier = Objects.requireNonNull(verifier);
    }

    @Override
    public boolean verify(byte[] publicKey, byte[] message, byte[] signature) {
        Hash claim = claim(publicKey, message, signature);
        synchronized (good) {
            if (good.contains(claim)) {
                return true;
            }
        }
        boolean holds = verifier.verify(publicKey, message, signature);
        if (holds) {
            synchronized (good) {
                if (good.size() >= MOST) {
                    good.clear();
                }
                good.add(claim);
            }
        }
        return holds;
    }

    private static Hash claim(byte[]... parts) {
        MessageDigest digest = Sha256.newDigest();
        for (byte[] part : parts) {
            digest.update(ByteBuffer.allocate(4).putInt(part.length).flip());
            digest.update(part);
        }
        return Hash.of(digest.digest());
    }
}
