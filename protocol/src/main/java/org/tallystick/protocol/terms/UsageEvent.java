package org.tallystick.protocol.terms;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Identifiers;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Sha256;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.Signer;
import org.tallystick.protocol.sign.Verifier;

/**
 * What a buyer's training loop reports about itself: so many samples used in one batch of training. Signed by the
 * buyer's key over the canonical form (RFC 8785) without {@code signature}. Never a base of payment by itself: it is
 * held against receipts. {@link #parse} judges form only, {@link #verify} who signed.
 *
 * <p>Immutable, safe from any thread.
 */
public final class UsageEvent {
    /** Most bytes of an event's text. */
    public static final int MAX_BYTES = 64 << 10;

    private static final String WHERE = "usage-event";
    private static final String SIGNATURE = "signature";
    private static final String TYPE = "usage.batch";
    private static final String PRICE = "pricePerSample";
    private static final long MAX_SAMPLES = 1_000_000_000_000L;
    private static final int MAX_MODEL = 256;

    private final Json.Obj json;
    private final byte[] signingBytes;
    private final String contract;
    private final String batch;
    private final long sampleCount;
    private final Pricing.Price pricePerSample;
    private final Instant timestamp;
    private final Optional<String> job;
    private final Optional<Long> sequence;
    private final Optional<Long> epoch;
    private final Optional<String> model;
    private final Optional<Hash> datasetVersion;
    private final String signature;

    private UsageEvent(Json.Obj json) {
        this.json = json;
        Fields fields = Fields.of(json, WHERE);
        String type = fields.text("eventType");
        if (!type.equals(TYPE)) {
            throw new MalformedException("usage-event/type", Fields.shown(type) + " is not an event type known here");
        }
        this.contract = id(fields.text("contractId"), "contractId");
        this.batch = id(fields.text("batchId"), "batchId");
        this.sampleCount = fields.integer("sampleCount", 0, MAX_SAMPLES);
        this.pricePerSample = price(fields);
        this.timestamp = fields.instant("timestamp");
        this.job = fields.optionalText("jobId").map(text -> id(text, "jobId"));
        this.sequence = fields.optionalInteger("sequence", 1, Long.MAX_VALUE >> 11);
        this.epoch = fields.optionalInteger("epoch", 0, Integer.MAX_VALUE);
        this.model = fields.optional("model").map(ignored -> model(fields.text("model", MAX_MODEL)));
        this.datasetVersion = fields.optionalText("datasetVersion").map(Hash::ofHex);
        this.signature = fields.text(SIGNATURE);
        fields.noOthers();
        if (!SignatureText.isWellFormed(signature)) {
            throw new MalformedException("usage-event/signature-form", "the signature does not begin with 0x");
        }
        this.signingBytes = Jcs.bytes(json.without(SIGNATURE));
    }

    /**
     * Reads an event's text.
     *
     * @throws MalformedException {@code usage-event/…} or {@code json/…}; {@code usage-event/oversized} above
     *     {@value #MAX_BYTES} bytes
     */
    public static UsageEvent parse(byte[] utf8) {
        checkSize(utf8.length);
        return new UsageEvent(Json.parseObject(utf8));
    }

    /** As {@link #parse(byte[])}, from JSON that is parsed already. */
    public static UsageEvent parse(Json.Obj event) {
        UsageEvent parsed = new UsageEvent(event);
        checkSize(parsed.signingBytes.length);
        return parsed;
    }

    /**
     * Signs an event.
     *
     * @param unsigned all members but {@code signature}, which is replaced where there is one
     */
    public static UsageEvent sign(Json.Obj unsigned, Signer buyer) {
        byte[] message = Jcs.bytes(unsigned.without(SIGNATURE));
        return parse(unsigned.with(SIGNATURE, Json.of(SignatureText.of(buyer.sign(message)))));
    }

    /**
     * Checks that the buyer signed this event.
     *
     * @throws MalformedException {@code usage-event/signature}
     */
    public void verify(DidKey buyer, Verifier verifier) {
        byte[] bytes = SignatureText.bytes(signature)
                .orElseThrow(() -> new MalformedException(
                        "usage-event/signature",
                        "the signature is " + Fields.shown(signature)
                                + ", not 0x and 128 lower-case hexadecimal digits"));
        if (!verifier.verify(buyer.publicKey(), signingBytes, bytes)) {
            throw new MalformedException("usage-event/signature", "the signature is not the buyer's over this event");
        }
    }

    /** The event as it stands, signature included. */
    public Json.Obj json() {
        return json;
    }

    public String contract() {
        return contract;
    }

    /** The buyer's own id of the batch; with the contract it names the event for ever. */
    public String batch() {
        return batch;
    }

    /** Samples used in the batch. */
    public long sampleCount() {
        return sampleCount;
    }

    /** What the buyer takes a sample to cost. */
    public Pricing.Price pricePerSample() {
        return pricePerSample;
    }

    /** When the batch was used, by the buyer's clock. */
    public Instant timestamp() {
        return timestamp;
    }

    public Optional<String> job() {
        return job;
    }

    /** Dense number of the event within its contract and job, from 1. */
    public Optional<Long> sequence() {
        return sequence;
    }

    /** The pass of training, from 0; nothing to do with an edge's epoch. */
    public Optional<Long> epoch() {
        return epoch;
    }

    public Optional<String> model() {
        return model;
    }

    public Optional<Hash> datasetVersion() {
        return datasetVersion;
    }

    /** SHA-256 of what is signed: the same event has the same hash. */
    public Hash hash() {
        return Sha256.hash(signingBytes);
    }

    private static void checkSize(int bytes) {
        if (bytes > MAX_BYTES) {
            throw new MalformedException("usage-event/oversized", "an event has at most " + MAX_BYTES + " bytes");
        }
    }

    private static String model(String text) {
        if (text.codePoints().anyMatch(Character::isISOControl)) {
            throw new MalformedException("usage-event/model", "a model's name has no control characters");
        }
        return text;
    }

    private static String id(String text, String member) {
        return Identifiers.check(text, "usage-event/id", WHERE + "." + member);
    }

    private static Pricing.Price price(Fields fields) {
        try {
            return SharedMembers.price(fields, PRICE);
        } catch (MalformedException e) {
            throw new MalformedException("usage-event/price", e.detail());
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof UsageEvent that && json.equals(that.json);
    }

    @Override
    public int hashCode() {
        return Objects.hash(json);
    }

    @Override
    public String toString() {
        return Jcs.text(json);
    }
}
