package org.tallystick.edge.serving;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
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
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.LeafKind;
import org.tallystick.protocol.receipt.ReleaseKey;
import org.tallystick.protocol.receipt.Scope;

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
    private final Releases releases;
    private final WorkStore store;
    private final WorkLoader loader;
    private final Admission admission;
    private final Metrics metrics;
    private final Generations<OfferKey, Offer> offers = new Generations<>(OFFERS);

    /** An offer is the same for every token of a contract and dataset version. */
    private record OfferKey(String path, String contract, Hash dataset) {}

    /** What of a request matters here; {@code release} is the query parameter of that name. */
    record Request(HttpHeaders headers, Optional<String> release) {}

    /** A request the token allows, with the answer's parts as they become known. */
    private record Asked(
            Exchange exchange,
            Request request,
            TokenVerdict.Granted granted,
            Offer offer,
            Optional<ReleaseKey> release) {
        HttpHeaders headers() {
            return request.headers();
        }

        Member member() {
            return offer.member();
        }

        Scope scope() {
            return granted.grant().scope();
        }

        Asked with(Optional<ReleaseKey> shown) {
            return new Asked(exchange, request, granted, offer, shown);
        }
    }

    public Works(
            TokenGate gate,
            Datasets datasets,
            Releases releases,
            WorkStore store,
            WorkLoader loader,
            Admission admission,
            Metrics metrics) {
        this.gate = gate;
        this.datasets = datasets;
        this.releases = releases;
        this.store = store;
        this.loader = loader;
        this.admission = admission;
        this.metrics = metrics;
    }

    /** Answers a request for a path that begins with {@code /works/}. */
    void answer(Exchange exchange, Request request, String path) {
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
                    find(exchange, request, granted, path);
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

    private void find(Exchange exchange, Request request, TokenVerdict.Granted granted, String path) {
        OfferKey key =
                new OfferKey(path, granted.grant().contract(), granted.grant().dataset());
        Optional<Offer> known = offers.find(key);
        if (known.isPresent()) {
            decide(new Asked(exchange, request, granted, known.get(), Optional.empty()));
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
            make(exchange, request, granted, key, members.get(), content);
        } else {
            exchange.await(
                    datasets.load(granted.grant().dataset()),
                    loaded -> make(exchange, request, granted, key, loaded, content));
        }
    }

    private void make(
            Exchange exchange,
            Request request,
            TokenVerdict.Granted granted,
            OfferKey key,
            Membership members,
            ContentId content) {
        Optional<Member> member = members.find(content);
        if (member.isEmpty()) {
            exchange.refuse(Refusal.of(RefusalReason.WORK_NOT_GRANTED));
            return;
        }
        Offer offer = offers.of(key, k -> Offer.of(member.get(), members.extent(), k.contract()));
        decide(new Asked(exchange, request, granted, offer, Optional.empty()));
    }

    /**
     * Evaluates preconditions (RFC 9110, section 13.2.2) before the range, because then no bytes may be needed. HEAD and {@code
     * If-None-Match: *} claim no copy, so that they are no use and need no release key; a list that names the work does.
     */
    private void decide(Asked asked) {
        HttpHeaders headers = asked.headers();
        String etag = asked.offer().etag();
        if (headers.contains(HttpHeaderNames.IF_MATCH) && !EntityTags.anyStrong(joined(headers, "If-Match"), etag)) {
            asked.exchange().refuse(Refusal.of(RefusalReason.PRECONDITION_FAILED));
            return;
        }
        boolean cached = store.contains(asked.member().content());
        String known = headers.contains(HttpHeaderNames.IF_NONE_MATCH) ? joined(headers, "If-None-Match") : "";
        boolean unchanged = EntityTags.anyWeak(known, etag);
        Heads.BodyRange notModified = new Heads.BodyRange(304, 0, 0, 0, cached);
        if (asked.exchange().isHead() || EntityTags.isAny(known)) {
            long length = asked.member().bytes();
            Heads.BodyRange whole = new Heads.BodyRange(200, 0, length, length, cached);
            submit(asked, LeafKind.HEAD, unchanged ? notModified : whole, Optional.empty());
        } else if (unchanged) {
            released(asked, ready -> submit(ready, LeafKind.NOT_MODIFIED, notModified, Optional.empty()));
        } else {
            range(asked);
        }
    }

    private void released(Asked asked, Consumer<Asked> next) {
        releases.require(
                asked.exchange(),
                asked.request(),
                asked.granted().grant(),
                asked.offer(),
                shown -> next.accept(asked.with(shown)));
    }

    private void range(Asked asked) {
        HttpHeaders headers = asked.headers();
        Member member = asked.member();
        boolean partly = headers.contains(HttpHeaderNames.RANGE)
                && rangeHolds(headers, asked.offer().etag());
        ByteRange range =
                partly ? ByteRange.parse(joined(headers, "Range"), member.bytes()) : ByteRange.whole(member.bytes());
        if (range.kind() == ByteRange.Kind.UNSATISFIABLE) {
            asked.exchange().refuse(Refusal.unsatisfiable(member.bytes()));
        } else if (asked.scope() == Scope.PREVIEW
                && range.length() > 0
                && !member.free().covers(range.from(), range.length())) {
            asked.exchange()
                    .refuse(Refusal.of(
                                    RefusalReason.PREVIEW_OUTSIDE,
                                    "A preview of this work lies within "
                                            + member.free().words() + ".")
                            .with("free_ranges", member.free().json().orElse(Json.array(List.of()))));
        } else {
            released(asked, ready -> fetch(ready, range, true, 0));
        }
    }

    private static boolean rangeHolds(HttpHeaders headers, String etag) {
        List<String> conditions = headers.getAll(HttpHeaderNames.IF_RANGE);
        return conditions.isEmpty() || (conditions.size() == 1 && EntityTags.isStrong(conditions.getFirst(), etag));
    }

    private void fetch(Asked asked, ByteRange range, boolean cached, int attempts) {
        Member member = asked.member();
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
        if (work.length() != asked.member().bytes()) {
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
        long now = admission.now();
        boolean carries = kind == LeafKind.FULL || kind == LeafKind.PARTIAL;
        long from = carries ? part.from() : 0;
        long bytes = carries ? part.length() : 0;
        boolean use = kind.meters()
                && asked.scope().meters()
                && !(carries && asked.member().free().covers(from, bytes));
        Account account =
                new Account(asked.granted(), asked.member(), asked.offer().extent(), use, bytes);
        PendingLeaf.Delivery delivery = new PendingLeaf.Delivery(
                asked.exchange(),
                kind,
                asked.scope(),
                asked.granted().token(),
                account.quota(),
                asked.member().content(),
                from,
                bytes,
                Math.max(now, asked.granted().notBefore()),
                part.cached(),
                asked.release());
        asked.exchange().prepare(new Exchange.Prepared(delivery, account, asked.offer(), part, work));
        Optional<Refusal> refusal = gate.check(asked.granted(), now);
        if (refusal.isEmpty()) {
            refusal = admission.admit(delivery, account);
        }
        if (refusal.isPresent()) {
            asked.exchange().unprepare();
            asked.exchange().refuse(refusal.get());
        }
    }

    /** A field's lines as one list (RFC 9110, section 5.3). */
    private static String joined(HttpHeaders headers, String name) {
        List<String> lines = headers.getAll(name);
        return lines.size() == 1 ? lines.getFirst() : String.join(",", lines);
    }
}
