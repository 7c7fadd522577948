package org.tallystick.platform.gate;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Sha256;

/**
 * The training job that is asked about, as the caller describes it: the form has been checked, the facts have not.
 *
 * @param hash of the question's canonical form
 * @param window how long it is to train, as asked
 */
record TrainingQuestion(Hash hash, String model, List<Named> datasets, String window) {
    private static final int MAX_DATASETS = 10_000;
    private static final int MAX_TEXT = 256;
    private static final int MAX_WINDOW = 40;

    TrainingQuestion {
        datasets = List.copyOf(datasets);
    }

    /**
     * A dataset as it was named.
     *
     * @param name what to call it in reasons
     * @param proven whether more than a name was given
     */
    record Named(
            String name,
            boolean proven,
            Optional<String> contract,
            Optional<String> dataset,
            Optional<String> version,
            Optional<String> manifest,
            Optional<String> receipt) {}

    /** @throws MalformedException {@code json/…} or {@code gate/window} */
    static TrainingQuestion parse(Json.Obj question) {
        Fields fields = Fields.of(question, "training-job");
        String model = fields.text("model", MAX_TEXT);
        String window = fields.text("trainingWindow", MAX_WINDOW);
        List<Named> datasets = new ArrayList<>();
        for (Json item : fields.array("datasets")) {
            datasets.add(named(item, fields.path("datasets") + "[" + datasets.size() + "]"));
        }
        fields.noOthers();
        if (datasets.isEmpty() || datasets.size() > MAX_DATASETS) {
            throw new MalformedException("gate/datasets", "a job names 1 to " + MAX_DATASETS + " datasets");
        }
        end(window, Instant.EPOCH);
        return new TrainingQuestion(Sha256.hash(Jcs.bytes(question)), model, datasets, window);
    }

    private static Named named(Json item, String where) {
        if (item instanceof Json.Str(String name)) {
            if (name.isEmpty() || name.length() > MAX_TEXT) {
                throw new MalformedException("json/text-length", where + " must have 1 to " + MAX_TEXT + " characters");
            }
            return new Named(
                    name,
                    false,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
        }
        Fields fields = Fields.of(item, where);
        Optional<String> contract = fields.optionalText("contract_id");
        Optional<String> dataset = fields.optionalText("dataset_id");
        Named named = new Named(
                contract.or(() -> dataset).orElse(where),
                true,
                contract,
                dataset,
                fields.optionalText("dataset_version"),
                fields.optionalText("manifest_id"),
                fields.optionalText("signed_receipt"));
        fields.noOthers();
        return named;
    }

    /** The first moment past the window, if it begins then. */
    Instant ends(Instant begin) {
        return end(window, begin);
    }

    private static Instant end(String text, Instant begin) {
        try {
            int time = text.indexOf('T');
            Period days = time == 1 ? Period.ZERO : Period.parse(time < 0 ? text : text.substring(0, time));
            Duration hours = time < 0 ? Duration.ZERO : Duration.parse("P" + text.substring(time));
            Instant end = begin.atOffset(ZoneOffset.UTC).plus(days).plus(hours).toInstant();
            if (end.isAfter(begin)) {
                return end;
            }
        } catch (DateTimeException | ArithmeticException e) {
            throw window(text);
        }
        throw window(text);
    }

    private static MalformedException window(String text) {
        return new MalformedException(
                "gate/window", "trainingWindow " + Fields.shown(text) + " is not a duration of ISO 8601, like P30D");
    }
}
