package org.tallystick.sdk;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.tallystick.protocol.codec.Base64Url;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.JobClosed;
import org.tallystick.protocol.receipt.JobOrder;
import org.tallystick.protocol.receipt.ReleaseSeed;
import org.tallystick.protocol.receipt.ReleaseTable;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.sign.Jws;
import org.tallystick.protocol.sign.Signer;

/**
 * Orders works before they are fetched, which is how a buyer makes sure that it is billed for nothing it did not ask for; and
 * acknowledges what arrived. Needs the buyer's identity key; workers that fetch need only a token and {@link OrderedWorks}.
 *
 * <pre>{@code
 * JobOrders orders = new JobOrders(buyer, key, ReleaseSecret.in(Path.of("release.secret")));
 * OrderedWorks works = orders.order(job, Scope.TRAINING);
 * Token token = orders.token(works, Duration.ofHours(1), Optional.empty());
 * edge.showing(works).fetch(content, token.text());
 * orders.close(job, trainedOn, arrived, missing);
 * }</pre>
 *
 * <p>Throws as {@link TallystickClient} does. Safe from any thread.
 */
public final class JobOrders {
    /** Orders asked for at once. */
    private static final int PAGE = 100;

    private static final int TRIES = 8;

    private final TallystickClient client;
    private final Signer buyer;
    private final ReleaseSecret secret;

    /**
     * @param client with the buyer's API key
     * @param buyer signs with the buyer's registered key
     */
    public JobOrders(TallystickClient client, Signer buyer, ReleaseSecret secret) {
        this.client = Objects.requireNonNull(client);
        this.buyer = Objects.requireNonNull(buyer);
        this.secret = Objects.requireNonNull(secret);
    }

    /** An order as the platform has it. */
    private record Posted(JobOrder order) {
        static Posted of(Fields fields) {
            return new Posted(
                    JobOrder.ofPayload(Jws.parse(fields.text("order", 4096)).payload()));
        }
    }

    /** The orders of a job, and the number of the contract's next. */
    private record Known(List<Posted> orders, int next) {}

    /** Orders all works of a job's dataset version until its contract ends. Ordering the same again is the same order. */
    public OrderedWorks order(Job job, Scope scope) {
        return order(job, scope, work -> true, client.contract(job.contract()).expires());
    }

    /**
     * Orders some works of a job's dataset version. Ordering the same again, under the same secret, is the same order.
     *
     * @param ends first moment at which nothing is ordered any more; not past the end of the contract
     */
    public OrderedWorks order(Job job, Scope scope, Predicate<ContentId> wanted, Instant ends) {
        DatasetMembers members = client.members(job.root());
        for (int attempt = 1; ; attempt++) {
            Known known = known(job);
            for (Posted posted : known.orders()) {
                ReleaseSeed seed = seed(job, scope, posted.order().number());
                if (HexFormat.of().formatHex(seed.tag()).equals(posted.order().tag())) {
                    ReleaseTable table = table(seed, members, wanted);
                    if (table.root().equals(posted.order().keys())
                            && posted.order().scope() == scope) {
                        return new OrderedWorks(posted.order(), seed, table, members);
                    }
                }
            }
            try {
                return post(job, scope, members, wanted, ends, known.next());
            } catch (ProblemException e) {
                if (attempt == TRIES || !e.type().equals("order/number")) {
                    throw e; // else somebody ordered under the same contract meanwhile
                }
            }
        }
    }

    private OrderedWorks post(
            Job job, Scope scope, DatasetMembers members, Predicate<ContentId> wanted, Instant ends, int number) {
        ReleaseSeed seed = seed(job, scope, number);
        ReleaseTable table = table(seed, members, wanted);
        JobOrder order = JobOrder.of(job.contract(), job.id(), number, scope, job.root(), table, ends);
        Json.Obj body = Json.object()
                .put("order", order.sign(buyer))
                .put("table", Base64Url.encode(table.entries()))
                .build();
        client.rest.post(path(job, "/orders"), body, Posted::of);
        return new OrderedWorks(order, seed, table, members);
    }

    private ReleaseSeed seed(Job job, Scope scope, int number) {
        return secret.seed(job.contract(), job.id(), scope, number);
    }

    private static ReleaseTable table(ReleaseSeed seed, DatasetMembers members, Predicate<ContentId> wanted) {
        return seed.table(
                members.members().size(),
                ordinal -> wanted.test(members.members().get(ordinal).content()));
    }

    private Known known(Job job) {
        List<Posted> all = new ArrayList<>();
        while (true) {
            int after = all.isEmpty() ? 0 : all.getLast().order().number();
            Known page = client.rest.get(
                    path(job, "/orders?limit=" + PAGE + "&after=" + after),
                    fields -> new Known(
                            fields.objects("items").stream().map(Posted::of).toList(),
                            (int) fields.integer("next", 1, Integer.MAX_VALUE)));
            all.addAll(page.orders());
            if (page.orders().size() < PAGE) {
                return new Known(all, page.next());
            }
        }
    }

    /**
     * Gets a token under an order: good only with the keys of its works.
     *
     * @param ttl at most 24 hours
     * @param quota most distinct works each edge delivers under it
     */
    public Token token(OrderedWorks works, Duration ttl, Optional<Long> quota) {
        return token(works, ttl, quota, List.of());
    }

    /** As above, good only on the edges with these numbers; on all where none is named. */
    public Token token(OrderedWorks works, Duration ttl, Optional<Long> quota, List<Integer> edges) {
        Json.Builder body = Json.object()
                .put("scope", works.order().scope().word())
                .put("ttl", ttl.toString())
                .put("order", works.order().number());
        quota.ifPresent(most -> body.put("quota", most));
        if (!edges.isEmpty()) {
            body.put("edges", Json.array(edges.stream().map(Json::of).toList()));
        }
        return client.rest.post("/jobs/" + Rest.segment(works.order().job()) + "/tokens", body.build(), Token::of);
    }

    /**
     * Closes a job, and signs which works arrived.
     *
     * @param trainedOn the works it trained on
     * @param arrived the works it got
     * @param missing works it showed a key for and did not get
     */
    public Job close(
            Job job, Collection<ContentId> trainedOn, Collection<ContentId> arrived, Collection<ContentId> missing) {
        JobClosed closed = JobClosed.of(job.contract(), job.id(), job.root(), arrived, missing);
        Json.Obj body = Json.object()
                .put(
                        "trained_on",
                        Json.strings(trainedOn.stream().map(ContentId::toString).toList()))
                .put("acknowledgement", closed.sign(buyer))
                .build();
        return client.rest.post(path(job, "/close"), body, Job::of);
    }

    private static String path(Job job, String what) {
        return "/jobs/" + Rest.segment(job.id()) + what;
    }
}
