package org.tallystick.edge.serving;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.tallystick.edge.cache.OrderTables;
import org.tallystick.edge.refusal.Refusal;
import org.tallystick.edge.refusal.RefusalReason;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.ReleaseKey;
import org.tallystick.protocol.receipt.ReleaseTable;

/**
 * Whether a request shows the release key of the work it asks for: the proof that the buyer ordered this work, which nobody
 * who holds only the token can make. Safe from any thread.
 */
public final class Releases {
    private final OrderTables tables;

    public Releases(OrderTables tables) {
        this.tables = tables;
    }

    /**
     * Calls {@code next} with the key that a grant with an order needs, or with none for a grant without; refuses the request
     * where the key is missing or wrong. The table may have to be loaded first.
     */
    void require(
            Exchange exchange, Works.Request request, Grant grant, Offer offer, Consumer<Optional<ReleaseKey>> next) {
        if (grant.order().isEmpty()) {
            next.accept(Optional.empty());
            return;
        }
        Grant.Order order = grant.order().get();
        int ordinal = offer.member().ordinal();
        Optional<ReleaseTable> known = tables.find(order);
        if (known.isPresent()) {
            check(exchange, request, known.get(), ordinal, next);
            return;
        }
        CompletableFuture<ReleaseTable> loading =
                tables.load(order, offer.extent().works());
        exchange.await(loading, table -> check(exchange, request, table, ordinal, next));
    }

    private static void check(
            Exchange exchange,
            Works.Request request,
            ReleaseTable table,
            int ordinal,
            Consumer<Optional<ReleaseKey>> next) {
        if (ordinal >= table.works() || !table.isOrdered(ordinal)) {
            exchange.refuse(refusal(RefusalReason.RELEASE_NOT_ORDERED, ordinal, "The order leaves this work out."));
            return;
        }
        Optional<String> shown = shown(request);
        if (shown.isEmpty()) {
            exchange.refuse(refusal(
                    RefusalReason.RELEASE_MISSING,
                    ordinal,
                    "Show the release key of ordinal " + ordinal + " in " + ReleaseKey.HTTP_HEADER + " or ?"
                            + ReleaseKey.QUERY + "=."));
            return;
        }
        ReleaseKey key;
        try {
            key = ReleaseKey.parse(shown.get());
        } catch (MalformedException e) {
            exchange.refuse(refusal(RefusalReason.RELEASE_WRONG, ordinal, e.detail() + "."));
            return;
        }
        if (table.opens(ordinal, key)) {
            next.accept(Optional.of(key));
        } else {
            exchange.refuse(refusal(
                    RefusalReason.RELEASE_WRONG,
                    ordinal,
                    "The key does not open the order's entry of ordinal " + ordinal + "."));
        }
    }

    private static Refusal refusal(RefusalReason reason, int ordinal, String detail) {
        return Refusal.of(reason, detail).with("ordinal", Json.of(ordinal));
    }

    /** The key as shown, in the header before the query; several lines are joined and so are no key. */
    private static Optional<String> shown(Works.Request request) {
        List<String> lines = request.headers().getAll(ReleaseKey.HTTP_HEADER);
        return lines.isEmpty()
                ? request.release()
                : Optional.of(String.join(",", lines).strip());
    }
}
