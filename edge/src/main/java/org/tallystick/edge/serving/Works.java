package org.tallystick.edge.serving;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import java.util.List;
import java.util.Optional;
import org.tallystick.edge.cache.Datasets;
import org.tallystick.edge.cache.Generations;
import org.tallystick.edge.cache.Member;
import org.tallystick.edge.cache.Membership;
import org.tallystick.edge.cache.Work;
import org.tallystick.edge.cache.WorkLoader;
import org.tallystick.edge.cache.WorkStore;
import org.tallystick.edge.refusal.Refusal;
import org.tallystick.edge.refusal.RefusalReason;
import org.tallystick.edge.sealing.PendingLeaf;
import org.tallystick.edge.status.Metrics;
import org.tallystick.edge.tokens.TokenGate;
import org.tallystick.edge.tokens.TokenVerdict;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.LeafKind;

/**
 * Delivers works: decides from memory whether the token allows it, then what of the work to send, and only when the
 * bytes are at hand takes a place in the open batch. Whatever is refused takes no number. Safe from any thread.
 */
public final class Works {
    private static final String PREFIX = "/works/";
    private static final String BEARER = "bearer ";
    private static final int OFFERS = 16_384;
    private static final int LOAD_ATTEMPTS = 3;

    private final TokenGate gate;
    private final Datasets datasets;
    private final WorkStore store;
    private final WorkLoader loader;
    private final Admission admission;
    private final Metrics metrics;
    private final Generations<OfferKey, Offer> offers = new Generations<>(OFFERS);

    /** An offer is the same for every token of a contract and dataset version. */
    private record OfferKey(String path, String contract, Hash dataset) {}

    /** A request the token allows, with the answer's parts as they become known. */
    private record Asked(Exchange exchange, HttpHeaders headers, TokenVerdict.Granted granted, Offer offer) {}

    public Works(
            TokenGate gate,
            Datasets datasets,
            WorkStore store,
            WorkLoader loader,
            Admission admission,
            Metrics metrics) {
        this.gate = gate;
        this.datasets = datasets;
        this.store = store;
        this.loader = loader;
        this.admission = admission;
        this.metrics = metrics;
    }

    /** Answers a request for a path that begins with {@code /works/}. */
    void answer(Exchange exchange, HttpRequest request, String path) {
        Optional<Refusal> unready = admission.ready();
        if (unready.isPresent()) {
            exchange.refuse(unready.get());
            return;
        }
        switch (judge(request.headers())) {
            case TokenVerdict.Denied denied -> exchange.refuse(denied.refusal());
            case TokenVerdict.Granted granted -> {
                Optional<Refusal> refusal = gate.check(granted, admission.now());
                if (refusal.isPresent()) {
                    exchange.refuse(refusal.get());
                } else {
                    find(exchange, request.headers(), granted, path);
                }
            }
        }
    }

    private TokenVerdict judge(HttpHeaders headers) {
        String value = headers.get(HttpHeaderNames.AUTHORIZATION);
        if (value == null) {
            return new TokenVerdict.Denied(Refusal.of(RefusalReason.TOKEN_MISSING));
        }
        if (!value.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return new TokenVerdict.Denied(
                    Refusal.of(RefusalReason.TOKEN_MALFORMED, "The scheme of a token is Bearer."));
        }
        if (headers.getAll(HttpHeaderNames.AUTHORIZATION).size() > 1) {
            return new TokenVerdict.Denied(Refusal.of(RefusalReason.TOKEN_MALFORMED, "A request carries one token."));
        }
        return gate.judge(value.substring(BEARER.length()).strip());
    }

    private void find(Exchange exchange, HttpHeaders headers, TokenVerdict.Granted granted, String path) {
        OfferKey key =
                new OfferKey(path, granted.grant().contract(), granted.grant().dataset());
        Optional<Offer> known = offers.find(key);
        if (known.isPresent()) {
            decide(new Asked(exchange, headers, granted, known.get()));
            return;
        }
        ContentId content;
        try {
            content = ContentId.parse(path.substring(PREFIX.length()));
        } catch (MalformedException e) {
            exchange.refuse(Refusal.of(RefusalReason.CONTENT_ID_MALFORMED, e.detail() + "."));
            return;
        }
        Optional<Membership> members = datasets.find(granted.grant().dataset());
        if (members.isPresent()) {
            make(exchange, headers, granted, key, members.get().find(content));
        } else {
            exchange.await(
                    datasets.load(granted.grant().dataset()),
                    loaded -> make(exchange, headers, granted, key, loaded.find(content)));
        }
    }

    private void make(
            Exchange exchange,
            HttpHeaders headers,
            TokenVerdict.Granted granted,
            OfferKey key,
            Optional<Member> member) {
        if (member.isEmpty()) {
            exchange.refuse(Refusal.of(RefusalReason.WORK_NOT_GRANTED));
            return;
        }
        Offer offer = offers.of(key, k -> Offer.of(member.get(), k.contract()));
        decide(new Asked(exchange, headers, granted, offer));
    }

    /** Evaluates preconditions (RFC 9110, section 13.2.2) before the range, because then no bytes may be needed. */
    private void decide(Asked asked) {
        HttpHeaders headers = asked.headers();
        String etag = asked.offer().etag();
        if (headers.contains(HttpHeaderNames.IF_MATCH) && !EntityTags.anyStrong(joined(headers, "If-Match"), etag)) {
            asked.exchange().refuse(Refusal.of(RefusalReason.PRECONDITION_FAILED));
            return;
        }
        boolean cached = store.contains(asked.offer().member().content());
        if (headers.contains(HttpHeaderNames.IF_NONE_MATCH)
                && EntityTags.anyWeak(joined(headers, "If-None-Match"), etag)) {
            submit(asked, LeafKind.NOT_MODIFIED, new Heads.BodyRange(304, 0, 0, 0, cached), Optional.empty());
        } else if (asked.exchange().isHead()) {
            long length = asked.offer().member().bytes();
            submit(asked, LeafKind.HEAD, new Heads.BodyRange(200, 0, length, length, cached), Optional.empty());
        } else {
            range(asked);
        }
    }

    private void range(Asked asked) {
        HttpHeaders headers = asked.headers();
        long length = asked.offer().member().bytes();
        ByteRange range = ByteRange.whole(length);
        if (headers.contains(HttpHeaderNames.RANGE)
                && rangeHolds(headers, asked.offer().etag())) {
            range = ByteRange.parse(joined(headers, "Range"), length);
        }
        if (range.kind() == ByteRange.Kind.UNSATISFIABLE) {
            asked.exchange()
                    .refuse(new Refusal(
                            RefusalReason.RANGE_UNSATISFIABLE, "The work has " + length + " bytes.", length));
            return;
        }
        fetch(asked, range, true, 0);
    }

    private static boolean rangeHolds(HttpHeaders headers, String etag) {
        List<String> conditions = headers.getAll(HttpHeaderNames.IF_RANGE);
        return conditions.isEmpty() || (conditions.size() == 1 && EntityTags.isStrong(conditions.getFirst(), etag));
    }

    private void fetch(Asked asked, ByteRange range, boolean cached, int attempts) {
        Member member = asked.offer().member();
        Optional<Work> work = store.find(member.content());
        if (work.isPresent()) {
            deliver(asked, range, cached, work.get());
        } else if (attempts == LOAD_ATTEMPTS) {
            asked.exchange().refuse(Refusal.of(RefusalReason.CACHE_UNAVAILABLE)); // evicted as fast as it is loaded
        } else {
            asked.exchange()
                    .await(
                            loader.load(member.content(), member.bytes()),
                            fetched -> fetch(asked, range, cached && !fetched, attempts + 1));
        }
    }

    private void deliver(Asked asked, ByteRange range, boolean cached, Work work) {
        if (work.length() != asked.offer().member().bytes()) {
            work.release();
            asked.exchange()
                    .refuse(Refusal.of(
                            RefusalReason.PLATFORM_WRONG_CONTENT, "The work's length is not its manifest's."));
            return;
        }
        (cached ? metrics.cacheHits : metrics.cacheMisses).increment();
        boolean part = range.kind() == ByteRange.Kind.PART;
        Heads.BodyRange said =
                new Heads.BodyRange(part ? 206 : 200, range.from(), range.length(), work.length(), cached);
        Optional<Work> body = Optional.of(work);
        if (range.length() == 0) {
            work.release();
            body = Optional.empty();
        }
        submit(asked, part ? LeafKind.PARTIAL : LeafKind.FULL, said, body);
    }

    private void submit(Asked asked, LeafKind kind, Heads.BodyRange part, Optional<Work> work) {
        Exchange exchange = asked.exchange();
        long now = admission.now();
        boolean carries = kind == LeafKind.FULL || kind == LeafKind.PARTIAL;
        PendingLeaf.Delivery delivery = new PendingLeaf.Delivery(
                exchange,
                kind,
                asked.granted().grant().scope(),
                asked.granted().token(),
                asked.granted().quota(),
                asked.offer().member().content(),
                carries ? part.length() : 0,
                now,
                part.cached());
        exchange.prepare(new Exchange.Prepared(delivery, asked.offer(), part, work));
        Optional<Refusal> refusal = gate.check(asked.granted(), now);
        if (refusal.isEmpty()) {
            refusal = admission.admit(delivery);
        }
        if (refusal.isPresent()) {
            exchange.unprepare();
            exchange.refuse(refusal.get());
        }
    }

    /** A field's lines as one list (RFC 9110, section 5.3). */
    private static String joined(HttpHeaders headers, String name) {
        List<String> lines = headers.getAll(name);
        return lines.size() == 1 ? lines.getFirst() : String.join(",", lines);
    }
}
