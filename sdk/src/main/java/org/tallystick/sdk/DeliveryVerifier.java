package org.tallystick.sdk;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.EdgeCertificate;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.LeafKind;
import org.tallystick.protocol.receipt.Receipt;
import org.tallystick.protocol.receipt.SignedHeader;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.Verifier;

/**
 * Verifies what an edge sent before the caller gets it. Works offline, except that it fetches the edge's certificate
 * once for each epoch. Remembers verified headers, because many receipts share one. Safe from any thread.
 */
final class DeliveryVerifier {
    private static final int REMEMBERED = 4096;

    private final DidKey platform;
    private final Verifier verifier;
    private final IntFunction<String> certificates;
    private final Map<String, EdgeCertificate> known = remembering(256);
    private final Map<SignedHeader, Boolean> verified = remembering(REMEMBERED);
    private final Map<String, Grant> grants = remembering(256);

    /**
     * @param certificates the edge's certificate for an epoch, as it presents it
     */
    DeliveryVerifier(DidKey platform, Verifier verifier, IntFunction<String> certificates) {
        this.platform = platform;
        this.verifier = verifier;
        this.certificates = certificates;
    }

    /**
     * An answer of an edge, not yet verified.
     *
     * @param status HTTP status
     * @param hash of the whole body, where the whole body was sent
     * @param bytes length of the body
     */
    record Arrival(
            ContentId asked,
            String token,
            int status,
            boolean headersOnly,
            Optional<String> statedContent,
            Optional<String> manifest,
            Optional<String> receipt,
            Hash hash,
            long bytes) {}

    /** What has been verified. */
    record Believed(Receipt receipt, LicenceNotice licence) {}

    /** @throws UntrustedException with the reason */
    Believed check(Arrival arrival) {
        try {
            LeafKind kind = kind(arrival);
            if (kind == LeafKind.FULL && !arrival.hash().equals(arrival.asked().hash())) {
                throw untrusted(
                        "delivery/content-hash",
                        "the bytes hash to " + arrival.hash().hex() + ", not to " + arrival.asked());
            }
            LicenceNotice licence = LicenceNotice.parse(arrival.manifest()
                    .orElseThrow(() -> untrusted("delivery/manifest-missing", "no licence manifest came with it")));
            String stated = arrival.statedContent().orElse("");
            if (!licence.content().equals(arrival.asked())
                    || !stated.equals(arrival.asked().toString())) {
                throw untrusted("delivery/content-id", "the headers are about another work than " + arrival.asked());
            }
            Receipt receipt = Receipt.parse(arrival.receipt()
                    .orElseThrow(() -> untrusted("delivery/receipt-missing", "no receipt came with it")));
            checkReceipt(arrival, kind, receipt, licence);
            return new Believed(receipt, licence);
        } catch (MalformedException e) {
            throw new UntrustedException(e);
        }
    }

    private void checkReceipt(Arrival arrival, LeafKind kind, Receipt receipt, LicenceNotice licence) {
        if (!receipt.leaf().content().equals(arrival.asked())) {
            throw untrusted(
                    "delivery/receipt-content",
                    "the receipt is for " + receipt.leaf().content());
        }
        if (receipt.leaf().kind() != kind) {
            throw untrusted(
                    "delivery/receipt-kind",
                    "the receipt says " + receipt.leaf().kind() + ", the answer was " + kind);
        }
        if (receipt.leaf().bytes() != arrival.bytes()) {
            throw untrusted(
                    "delivery/receipt-bytes",
                    "the receipt says " + receipt.leaf().bytes() + " bytes, " + arrival.bytes() + " came");
        }
        Grant grant = grant(arrival.token());
        receipt.checkGrant(grant);
        if (!licence.contract().equals(grant.contract())) {
            throw untrusted("delivery/contract", "the licence manifest names contract " + licence.contract());
        }
        receipt.checkPath();
        SignedHeader header = receipt.signed();
        if (!isRemembered(header)) {
            header.verify(certificate(header.header().edge(), header.header().epoch()), verifier);
            remember(header);
        }
    }

    private static LeafKind kind(Arrival arrival) {
        return switch (arrival.status()) {
            case 200 -> arrival.headersOnly() ? LeafKind.HEAD : LeafKind.FULL;
            case 206 -> LeafKind.PARTIAL;
            case 304 -> LeafKind.NOT_MODIFIED;
            default -> throw untrusted("delivery/status", "status " + arrival.status() + " delivers nothing");
        };
    }

    private Grant grant(String token) {
        synchronized (grants) {
            return grants.computeIfAbsent(token, text -> Grant.verify(text, platform, verifier));
        }
    }

    private EdgeCertificate certificate(int edge, int epoch) {
        String name = edge + "/" + epoch;
        synchronized (known) {
            EdgeCertificate certificate = known.get(name);
            if (certificate != null) {
                return certificate;
            }
        }
        EdgeCertificate certificate = EdgeCertificate.verify(certificates.apply(epoch), platform, verifier);
        synchronized (known) {
            known.put(name, certificate);
        }
        return certificate;
    }

    private boolean isRemembered(SignedHeader header) {
        synchronized (verified) {
            return verified.containsKey(header);
        }
    }

    private void remember(SignedHeader header) {
        synchronized (verified) {
            verified.put(header, true);
        }
    }

    private static UntrustedException untrusted(String reason, String detail) {
        return new UntrustedException(reason, detail);
    }

    private static <K, V> Map<K, V> remembering(int most) {
        return new LinkedHashMap<>(64, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > most;
            }
        };
    }
}
