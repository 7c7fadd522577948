package org.tallystick.platform.api.handlers;

import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.tallystick.platform.api.dispatch.Answer;
import org.tallystick.platform.catalog.DatasetVersion;
import org.tallystick.platform.contract.Contract;
import org.tallystick.platform.delivery.Job;
import org.tallystick.platform.ingest.UploadReceipt;
import org.tallystick.platform.kernel.Currency;
import org.tallystick.platform.kernel.Money;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.kernel.Page;
import org.tallystick.platform.party.Party;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.sign.DidKey;

/** How the rooms' values look in JSON, as the schemas of the OpenAPI document say. */
final class Shapes {
    private Shapes() {}

    /** 201 with {@code Location} for what is new, 200 for a repeat; refusals are thrown. */
    static <T> Answer created(Outcome<T> outcome, Function<T, String> location, Function<T, Json.Obj> shape) {
        T value = outcome.orThrow();
        return isRepeated(outcome)
                ? Answer.ok(shape.apply(value))
                : Answer.created(shape.apply(value)).header("Location", location.apply(value));
    }

    /** 201 without {@code Location} for what is new and has no address of its own, 200 for a repeat. */
    static <T> Answer created(Outcome<T> outcome, Function<T, Json.Obj> shape) {
        Json.Obj body = shape.apply(outcome.orThrow());
        return isRepeated(outcome) ? Answer.ok(body) : Answer.created(body);
    }

    static boolean isRepeated(Outcome<?> outcome) {
        return outcome instanceof Outcome.Accepted<?> accepted && accepted.repeated();
    }

    static <T> Json.Obj page(Page<T> page, Function<T, Json.Obj> shape) {
        List<Json.Obj> items = page.items().stream().map(shape).toList();
        return Json.object()
                .put("items", Json.array(items))
                .putIfPresent("next", page.next())
                .build();
    }

    static Json.Obj party(Party party) {
        return Json.object()
                .put("id", party.id().value())
                .put("role", party.role().text())
                .putIfPresent("display_name", party.displayName())
                .putIfPresent("key", party.key().map(DidKey::toString))
                .build();
    }

    /** Without who else claims the content: that is not the uploader's to know. */
    static Json.Obj receipt(UploadReceipt receipt) {
        return receipt.document().without("also_claimed_by");
    }

    static Json.Obj version(DatasetVersion version) {
        return Json.object()
                .put("dataset_id", version.dataset().value())
                .put("root", version.root().hex())
                .put("curator_id", version.curator().value())
                .put("title", version.title())
                .put("description", version.description())
                .put("works", version.members())
                .put("creators", version.creators())
                .put("bytes", version.bytes())
                .put("published", version.published())
                .build();
    }

    static Json.Obj contract(Contract contract, Instant now) {
        String status = contract.revocation().isPresent() ? "revoked" : contract.liveAt(now) ? "live" : "expired";
        return Json.object()
                .put("contract_id", contract.id().value())
                .put("status", status)
                .put("buyer_id", contract.buyer().value())
                .put("curator_id", contract.curator().value())
                .put("dataset_id", contract.document().dataset())
                .put("root", contract.datasetVersion().hex())
                .put("accepted", contract.accepted())
                .put("expires", contract.ends())
                .put("document", contract.document().json())
                .build();
    }

    static Json.Obj job(Job job) {
        return Json.object()
                .put("job_id", job.id().value())
                .put("contract_id", job.contract().value())
                .put("buyer_id", job.buyer().value())
                .put("root", job.dataset().hex())
                .put("model", job.model())
                .put("status", job.closed().isPresent() ? "closed" : "open")
                .put("grade", job.grade().word())
                .build();
    }

    static Json.Obj money(Money money) {
        return Json.object()
                .put("amount", money.toDecimal())
                .put("currency", money.currency().code())
                .build();
    }

    /** Reads an amount. */
    static Money money(Fields fields) {
        Money money = Money.parse(Currency.of(fields.text("currency", 3)), fields.text("amount", 66))
                .limited();
        fields.noOthers();
        return money;
    }
}
