package org.tallystick.protocol.receipt;

import java.util.Arrays;
import java.util.Objects;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.sign.Signer;
import org.tallystick.protocol.sign.Verifier;

/**
 * A batch header with its edge's signature: {@value #LENGTH} bytes, header then Ed25519 signature.
 *
 * @param signature 64 bytes
 */
public record SignedHeader(BatchHeader header, byte[] signature) {
    /** Length of the byte form. */
    public static final int LENGTH = BatchHeader.LENGTH + 64;

    public SignedHeader {
        Objects.requireNonNull(header);
        if (signature.length != 64) {
            throw new MalformedException("batch/signature-length", "an Ed25519 signature has 64 bytes");
        }
        signature = signature.clone();
    }

    public static SignedHeader sign(BatchHeader header, Signer edge) {
        return new SignedHeader(header, edge.sign(header.message()));
    }

    @Override
    public byte[] signature() {
        return signature.clone();
    }

    public byte[] encode() {
        byte[] out = Arrays.copyOf(header.encode(), LENGTH);
        System.arraycopy(signature, 0, out, BatchHeader.LENGTH, 64);
        return out;
    }

    /**
     * Reads the bytes at an offset. Checks no signature.
     *
     * @throws MalformedException {@code batch/…}
     */
    public static SignedHeader decode(byte[] in, int offset) {
        if (offset < 0 || in.length - offset < LENGTH) {
            throw new MalformedException("batch/truncated", "fewer than " + LENGTH + " bytes are left for a header");
        }
        return new SignedHeader(
                BatchHeader.decode(in, offset), Arrays.copyOfRange(in, offset + BatchHeader.LENGTH, offset + LENGTH));
    }

    /**
     * Checks that the certificate is for this edge, epoch and time, and that its key signed the header.
     *
     * @throws MalformedException {@code batch/wrong-edge}, {@code batch/outside-certificate}, {@code batch/signature}
     */
    public void verify(EdgeCertificate certificate, Verifier verifier) {
        if (certificate.edge() != header.edge() || certificate.epoch() != header.epoch()) {
            throw new MalformedException(
                    "batch/wrong-edge",
                    "the batch is of edge " + header.edge() + " epoch " + header.epoch() + ", the certificate of edge "
                            + certificate.edge() + " epoch " + certificate.epoch());
        }
        if (header.minTime() < certificate.notBefore().toEpochMilli()
                || header.maxTime() >= certificate.expires().toEpochMilli()) {
            throw new MalformedException(
                    "batch/outside-certificate", "the batch's times are outside the certificate's validity");
        }
        if (!verifier.verify(certificate.key().publicKey(), header.message(), signature)) {
            throw new MalformedException("batch/signature", "the edge's signature does not fit the batch header");
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SignedHeader that
                && header.equals(that.header)
                && Arrays.equals(signature, that.signature);
    }

    @Override
    public int hashCode() {
        return 31 * header.hashCode() + Arrays.hashCode(signature);
    }
}
