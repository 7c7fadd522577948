package org.tallystick.platform.api.handlers;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tallystick.platform.api.dispatch.Answer;
import org.tallystick.platform.api.dispatch.Call;
import org.tallystick.platform.api.dispatch.Refusals;
import org.tallystick.platform.api.dispatch.Routes;
import org.tallystick.platform.delivery.IssuedToken;
import org.tallystick.platform.delivery.Jobs;
import org.tallystick.platform.delivery.OrderRecord;
import org.tallystick.platform.delivery.Orders;
import org.tallystick.platform.delivery.TokenRequest;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.JobId;
import org.tallystick.protocol.codec.Base64Url;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Sha256;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.ReleaseTable;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.receipt.TokenId;

/** Handlers about training jobs and their tokens. */
public final class JobActions {
    private static final int MAX_TABLE = ReleaseTable.MOST_WORKS / 3 * 4 * ReleaseTable.ENTRY;

    private final Jobs jobs;
    private final Orders orders;

    public JobActions(Jobs jobs, Orders orders) {
        this.jobs = jobs;
        this.orders = orders;
    }

    public void bind(Routes routes) {
        routes.bind("openJob", this::open)
                .bind("issueToken", this::issueToken)
                .bind("revokeToken", this::revokeToken)
                .bind("orderWorks", this::order)
                .bind("orders", this::orders)
                .bind("orderTable", this::table)
                .bind("closeJob", this::close);
    }

    private Answer open(Call call) {
        Fields body = call.json("job");
        ContractId contract = new ContractId(body.text("contract_id"));
        Optional<JobId> id = body.optionalText("job_id")
                .map(JobId::new)
                .or(() -> call.idempotencyKey().map(key -> derived(call, key)));
        String model = body.text("model");
        body.noOthers();
        return Shapes.created(jobs.openJob(call.principal(), contract, id, model), Shapes::job);
    }

    /** A job id that is the same whenever the same caller asks under the same key, even after a crash in between. */
    private static JobId derived(Call call, String key) {
        byte[] seed = ("tallystick/job-id/v1\n" + call.party() + "\n" + key).getBytes(StandardCharsets.UTF_8);
        return new JobId("job-" + Sha256.hash(seed).hex().substring(0, 20));
    }

    private Answer issueToken(Call call) {
        JobId job = call.jobInPath();
        Fields body = call.json("token");
        Scope scope = Scope.ofWord(body.text("scope"));
        Duration ttl = duration(body.text("ttl", 40));
        Optional<Long> quota = body.optionalInteger("quota", 1, Long.MAX_VALUE >> 11);
        Optional<Integer> order =
                body.optionalInteger("order", 1, Integer.MAX_VALUE).map(Long::intValue);
        List<Integer> edges = Optional.of(body)
                .filter(named -> named.optional("edges").isPresent())
                .map(named -> named.integers("edges", 1, Integer.MAX_VALUE).stream()
                        .map(Long::intValue)
                        .toList())
                .orElse(List.of());
        body.noOthers();
        TokenRequest wanted = new TokenRequest(scope, ttl, quota, order, edges);
        return Shapes.created(jobs.issueToken(call.principal(), job, wanted), JobActions::token);
    }

    private Answer order(Call call) {
        JobId job = call.jobInPath();
        Fields body = call.json("job-order");
        String order = body.text("order", 4096);
        byte[] table = Base64Url.decode(body.text("table", MAX_TABLE), "release/table");
        body.noOthers();
        return Shapes.created(orders.accept(call.principal(), job, order, table), JobActions::order);
    }

    private static Json.Obj order(OrderRecord record) {
        return Json.object()
                .put("number", record.order().number())
                .put("order", record.compact())
                .put("position", record.position())
                .build();
    }

    private Answer orders(Call call) {
        JobId job = call.jobInPath();
        int after = (int) call.number("after", 0, 0, Integer.MAX_VALUE);
        Orders.OfJob found =
                orders.ofJob(call.principal(), job, after, call.limit()).orThrow();
        return Answer.ok(Json.object()
                .put(
                        "items",
                        Json.array(
                                found.orders().stream().map(JobActions::order).toList()))
                .put("next", found.next())
                .build());
    }

    private Answer table(Call call) {
        Hash keys = call.path("keys", Hash::ofHex);
        byte[] table = orders.tableBytes(call.principal(), keys)
                .orElseThrow(() -> Refusals.unknown("job-order", keys.hex()).asException());
        return Answer.bytes(200, "application/octet-stream", table);
    }

    private static Json.Obj token(IssuedToken issued) {
        return Json.object()
                .put("token", issued.token())
                .put("token_id", issued.grant().tokenId().toString())
                .put("claims", issued.grant().claims())
                .build();
    }

    private Answer revokeToken(Call call) {
        TokenId token = call.path("token", TokenId::parse);
        Fields body = call.json("revocation");
        String reason = body.text("reason", Jobs.MAX_TEXT);
        body.noOthers();
        jobs.revokeToken(call.principal(), token, reason).orThrow();
        return Answer.ok(Json.object()
                .put("token_id", token.toString())
                .put("revoked", true)
                .build());
    }

    private Answer close(Call call) {
        JobId job = call.jobInPath();
        List<ContentId> works = new ArrayList<>();
        Fields body = call.json("training-manifest", "trained_on", item -> works.add(work(item, works.size())));
        body.array("trained_on");
        Optional<String> acknowledgement = body.optionalText("acknowledgement");
        body.noOthers();
        return Answer.ok(Shapes.job(
                jobs.closeJob(call.principal(), job, works, acknowledgement).orThrow()));
    }

    private static ContentId work(Json item, int number) {
        if (item instanceof Json.Str text) {
            return ContentId.parse(text.value());
        }
        throw new MalformedException(
                "json/wrong-type", "training-manifest.trained_on[" + number + "] must be a string");
    }

    private static Duration duration(String text) {
        try {
            return Duration.parse(text);
        } catch (DateTimeException | ArithmeticException e) {
            throw new MalformedException(
                    "json/duration", Fields.shown(text) + " is not a duration of ISO 8601, like PT1H");
        }
    }
}
