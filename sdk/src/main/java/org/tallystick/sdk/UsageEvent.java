package org.tallystick.sdk;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Objects;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.sign.Signer;

/**
 * A batch of a training loop, as the buyer reports it. Immutable; each method gives a copy with one thing more, and
 * drops a signature that would no longer fit.
 */
public final class UsageEvent {
    private static final String SIGNATURE = "signature";

    private final Json.Obj json;

    private UsageEvent(Json.Obj json) {
        this.json = json;
    }

    /**
     * An event with what every event says.
     *
     * @param contract under which the samples are used
     * @param batch the buyer's own id of the batch; reporting it again counts nothing
     * @param samples works in the batch
     * @param time when it was trained on
     */
    public static UsageEvent of(String contract, String batch, long samples, Instant time) {
        return new UsageEvent(Json.object()
                .put("eventType", "usage.batch")
                .put("contractId", contract)
                .put("batchId", batch)
                .put("sampleCount", samples)
                .put("timestamp", time)
                .build());
    }

    /** An event that exists as JSON already. */
    public static UsageEvent of(Json.Obj json) {
        return new UsageEvent(Objects.requireNonNull(json));
    }

    /** The job it belongs to. */
    public UsageEvent job(String job) {
        return with("jobId", Json.of(job));
    }

    /** Its dense number within the job, from 1: a gap shows. */
    public UsageEvent sequence(long sequence) {
        return with("sequence", Json.of(sequence));
    }

    /** The training epoch, from 0. */
    public UsageEvent epoch(int epoch) {
        return with("epoch", Json.of(epoch));
    }

    /** The model trained. */
    public UsageEvent model(String model) {
        return with("model", Json.of(model));
    }

    /** The dataset version used. */
    public UsageEvent datasetVersion(Hash root) {
        return with("datasetVersion", Json.of(root.hex()));
    }

    /** The price the buyer reckons with, in US dollars per sample. */
    public UsageEvent pricePerSampleUsd(BigDecimal price) {
        return with("pricePerSampleUsd", Json.of(price));
    }

    /**
     * The event signed by the contract's buyer, over its canonical form without {@code signature}.
     *
     * @throws org.tallystick.protocol.codec.MalformedException if something an event must say is missing or out of form
     */
    public UsageEvent sign(Signer buyer) {
        return new UsageEvent(
                org.tallystick.protocol.terms.UsageEvent.sign(json, buyer).json());
    }

    /** The event as JSON. */
    public Json.Obj json() {
        return json;
    }

    private UsageEvent with(String name, Json value) {
        return new UsageEvent(json.without(SIGNATURE).with(name, value));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof UsageEvent that && json.equals(that.json);
    }

    @Override
    public int hashCode() {
        return json.hashCode();
    }

    @Override
    public String toString() {
        return Jcs.text(json);
    }
}
