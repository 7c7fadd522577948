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
 * A report of the buyer's training loop: how many samples one batch of training used. The buyer signs the canonical
 * form (RFC 8785) without member {@code signature}. Nothing is paid because of such a report; it is compared with the
 * receipts. {@link #parse(byte[])} checks the form, {@link #verify} the signature.
 *
 * <p>Immutable, safe from any thread.
 */
public final class UsageEvent {
    /** Longest event accepted, in bytes. */
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
        Fields fields = Fields.strict(json, WHERE);
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

    /**
     * Reads an event from JSON that is parsed already.
     *
     * @throws MalformedException as {@link #parse(byte[])}
     */
    public static UsageEvent parse(Json.Obj event) {
        UsageEvent parsed = new UsageEvent(event);
        checkSize(parsed.signingBytes.length);
        return parsed;
    }

    /**
     * Signs an event.
     *
     * @param unsigned all members but {@code signature}, which is replaced if it is present
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

    /** The event as JSON, with its signature. */
    public Json.Obj json() {
        return json;
    }

    public String contract() {
        return contract;
    }

    /** The buyer's own id of the batch; contract and batch together identify the event for ever. */
    public String batch() {
        return batch;
    }

    /** Samples used in the batch. */
    public long sampleCount() {
        return sampleCount;
    }

    /** The price of a sample as the buyer understands the contract. */
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

    /** Number of the pass over the training data, from 0; not an edge's epoch. */
    public Optional<Long> epoch() {
        return epoch;
    }

    public Optional<String> model() {
        return model;
    }

    public Optional<Hash> datasetVersion() {
        return datasetVersion;
    }

    /** SHA-256 of the signed bytes; equal events have equal hashes. */
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
