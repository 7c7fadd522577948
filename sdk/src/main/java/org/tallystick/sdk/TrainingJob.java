package org.tallystick.sdk;

import java.time.Period;
import java.util.ArrayList;
import java.util.List;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Json;

/**
 * The question whether a training job may run. Immutable.
 *
 * @param model what is to be trained
 * @param datasets what it is to be trained on
 * @param window for how long, ISO 8601, for example {@code P30D}
 */
public record TrainingJob(String model, List<Json> datasets, String window) {
    /** Copies the list. */
    public TrainingJob {
        datasets = List.copyOf(datasets);
    }

    /** A job without data yet. */
    public static TrainingJob of(String model, Period window) {
        return new TrainingJob(model, List.of(), window.toString());
    }

    /** With a dataset as the contract, its version and an upload receipt prove it. */
    public TrainingJob dataset(String contract, Hash version, String manifestId, String signedReceipt) {
        return with(Json.object()
                .put("contract_id", contract)
                .put("dataset_version", version.hex())
                .put("manifest_id", manifestId)
                .put("signed_receipt", signedReceipt)
                .build());
    }

    /** With a bare name, which is never allowed. */
    public TrainingJob named(String dataset) {
        return with(Json.of(dataset));
    }

    private TrainingJob with(Json dataset) {
        List<Json> more = new ArrayList<>(datasets);
        more.add(dataset);
        return new TrainingJob(model, more, window);
    }

    Json.Obj json() {
        return Json.object()
                .put("model", model)
                .put("datasets", Json.array(datasets))
                .put("trainingWindow", window)
                .build();
    }
}
