package org.tallystick.protocol.sign;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Sha256;

/**
 * Remembers which signatures were found good, by hash. Statements of one period stand on the same signed batches, so whoever
 * checks many of them would check the same signatures over and over. A signature that was found bad is not remembered.
 *
 * <p>Safe from any thread.
 */
public final class RememberingVerifier implements Verifier {
    private static final int MOST = 1 << 20;

    private final Verifier verifier;
    private final Set<Hash> good = new HashSet<>();

    /** @param verifier asked about what is not remembered */
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
