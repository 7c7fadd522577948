package org.tallystick.protocol.terms;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.Sha256;
import org.tallystick.protocol.receipt.Deliveries;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.JdkEd25519;

/** Parties with fixed keys and a contract between them, built from the sample's shape. */
final class Contracting {
    static final Instant WHEN = Instant.parse("2026-01-05T12:34:56Z");
    static final JdkEd25519 BUYER = JdkEd25519.ofSeed(Deliveries.seed("buyer"));
    static final JdkEd25519 CURATOR = JdkEd25519.ofSeed(Deliveries.seed("curator"));
    static final JdkEd25519 CREATOR = JdkEd25519.ofSeed(Deliveries.seed("creator"));
    static final Hash VERSION = Sha256.hash("version".getBytes(StandardCharsets.UTF_8));
    static final Map<String, DidKey> KEYS = Map.of(
            "buyer-7", new DidKey(BUYER.publicKey()),
            "curator-11", new DidKey(CURATOR.publicKey()),
            "creator-42", new DidKey(CREATOR.publicKey()));
    static final Set<String> REQUIRED = Set.of("creator-42");

    private Contracting() {}

    /** The sample with everything a binding contract needs, not signed yet. */
    static Json.Obj unsigned() {
        return Json.parseObject(ContractSampleTest.SAMPLE.getBytes(StandardCharsets.UTF_8))
                .without("signatures")
                .with("buyerId", Json.of("buyer-7"))
                .with("curatorId", Json.of("curator-11"))
                .with("datasetVersion", Json.of(VERSION.hex()))
                .with("platformFeeShare", Json.of(new BigDecimal("0.05")));
    }

    static ContractDocument signed() {
        return signed(unsigned());
    }

    static ContractDocument signed(Json.Obj unsigned) {
        return ContractDocument.parse(unsigned)
                .sign("creator-42", CREATOR, WHEN)
                .sign("curator-11", CURATOR, WHEN)
                .sign("buyer-7", BUYER, WHEN);
    }
}
