package org.tallystick.protocol.statement;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.log.FormatChange;
import org.tallystick.protocol.log.LogEntry;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.receipt.TokenId;
import org.tallystick.protocol.terms.ContractDocument;

/**
 * Holds a paper that verifies by itself against the whole log, which shows what no single file can: that nothing else says
 * another thing. Is told every entry in the order of the log; that they are those the log signs, and that the file's own
 * checkpoint is of the same history, is for the caller to see to. Used once, by one thread.
 */
public final class LogCheck {
    /** What a delivery may come after the end of its token or job by clocks that differ. */
    private static final Duration TOLERANCE = Duration.ofMinutes(10);

    private final PaperVerifier.Verified verified;
    private final Paper paper;
    private final StatementEvidence evidence;
    private final Papers papers;
    private final Map<String, ContractDocument> contracts = new HashMap<>();
    private final Set<String> accepted = new HashSet<>();

    /** The key each party has at this place of the log. */
    private final Map<String, String> keys = new HashMap<>();

    private final Map<TokenId, Grant> grants = new HashMap<>();

    /** The last use shown under each token. */
    private final Map<TokenId, Leaf> latest = new HashMap<>();

    private Optional<Long> format = Optional.empty();
    private long closes;
    private Optional<Instant> closedTo = Optional.empty();
    private Optional<Long> own = Optional.empty();

    /** @param verified what {@link PaperVerifier} made of the file */
    public LogCheck(PaperVerifier.Verified verified) {
        this.verified = verified;
        this.paper = verified.paper();
        this.evidence = verified.file().evidence();
        this.papers = new Papers(paper);
        for (var json : evidence.contracts()) {
            ContractDocument contract = ContractDocument.recorded(json);
            contracts.put(contract.id(), contract);
        }
        evidence.grants().forEach(claims -> {
            Grant grant = Grant.ofClaims(claims);
            grants.put(grant.tokenId(), grant);
        });
        for (StatementEvidence.BatchPart part : evidence.parts()) {
            part.leaves().values().stream()
                    .map(Leaf::decode)
                    .filter(leaf -> !leaf.kind().refers())
                    .forEach(leaf ->
                            latest.merge(leaf.token(), leaf, (one, other) -> one.time() >= other.time() ? one : other));
        }
    }

    /**
     * What was seen.
     *
     * @param checked what holds, in words
     * @param later what came later and does not make the paper wrong, in words: corrections that later papers make
     * @param unchecked what could not be seen, in words
     */
    public record Seen(List<String> checked, List<String> later, List<String> unchecked) {
        public Seen {
            checked = List.copyOf(checked);
            later = List.copyOf(later);
            unchecked = List.copyOf(unchecked);
        }
    }

    /** A document whose body is not at hand. */
    public void missing(String type) {
        if (type.equals(Papers.STATEMENTS) || type.equals(Papers.INVOICES)) {
            papers.missing();
        }
    }

    /**
     * The next entry.
     *
     * @throws MalformedException {@code log/…} where it contradicts the paper
     */
    public void entry(long position, LogEntry entry) {
        if (!(entry instanceof LogEntry.DocumentEntry document)) {
            return;
        }
        Fields body = Fields.of(document.body(), document.type());
        switch (document.type()) {
            case FormatChange.TYPE -> format = format.or(() -> Optional.of(position));
            case LoggedDocument.PARTY -> party(body);
            case LoggedDocument.KEY_ROTATED -> keys.put(body.text("id"), body.text("key"));
            case LoggedDocument.CONTRACT -> contract(document);
            case LoggedDocument.CLOSE -> close(position, body);
            case Papers.STATEMENTS, Papers.INVOICES -> papers.issued(document.type(), body);
            case "grant-revoked" -> ended(TokenId.parse(body.text("token")), document.time());
            case "job-closed" -> {
                String job = body.text("job");
                grants.forEach((token, grant) -> {
                    if (grant.job().equals(job)) {
                        ended(token, document.time());
                    }
                });
            }
            case "edge-revoked" ->
                revoked(
                        position,
                        body.integer("edge", 1, Integer.MAX_VALUE),
                        body.integer("epoch", 0, Integer.MAX_VALUE));
            default -> {
                return; // says nothing of a paper
            }
        }
    }

    private void party(Fields body) {
        String id = body.text("id");
        if (keys.putIfAbsent(id, body.optionalText("key").orElse("")) != null) {
            throw new MalformedException("log/party-twice", "the log has registered " + id + " twice");
        }
    }

    private void contract(LogEntry.DocumentEntry document) {
        ContractDocument logged = ContractDocument.recorded(document.body());
        ContractDocument shown = contracts.get(logged.id());
        if (shown == null) {
            return;
        }
        if (!accepted.add(logged.id()) || !shown.json().equals(logged.json())) {
            throw new MalformedException(
                    "log/contract", "the log has another contract " + logged.id() + " than the file, or a second one");
        }
        Set<String> bound = bound(logged);
        logged.signatures()
                .forEach(signature -> signature.key().ifPresent(key -> {
                    if (bound.contains(signature.signer()) && !key.toString().equals(keys.get(signature.signer()))) {
                        throw new MalformedException(
                                "log/key-replaced",
                                "contract " + logged.id() + " is signed by a key that " + signature.signer()
                                        + " no longer had, or never had, when the log took it in");
                    }
                }));
    }

    /** Buyer and curator, and everybody else whose key the file shows. */
    private Set<String> bound(ContractDocument contract) {
        Set<String> bound = new HashSet<>();
        contract.buyer().ifPresent(bound::add);
        contract.curator().ifPresent(bound::add);
        evidence.documents().stream()
                .filter(document -> document.type().equals(LoggedDocument.PARTY)
                        || document.type().equals(LoggedDocument.KEY_ROTATED))
                .forEach(document -> bound.add(
                        Fields.of(document.entry().body(), document.type()).text("id")));
        return bound;
    }

    private void close(long position, Fields body) {
        closes++;
        boolean follows = body.integer("number", 0, Integer.MAX_VALUE) == closes
                && closedTo.map(body.instant("from")::equals).orElse(true);
        if (!follows) {
            throw new MalformedException(
                    "log/closes", "the close at " + position + " does not follow the one before it");
        }
        closedTo = Optional.of(body.instant("to"));
        papers.close(closes, body.text("period"));
        if (body.text("period").equals(paper.period())) {
            own(position, body);
        }
    }

    private void own(long position, Fields body) {
        if (own.isPresent()) {
            throw new MalformedException("log/closes", "the log has closed " + paper.period() + " twice");
        }
        own = Optional.of(position);
        if (verified.weaker() && format.isPresent()) {
            throw new MalformedException(
                    "log/old-form",
                    "the file is of the form of before the log's change of format at " + format.get()
                            + ", its close at " + position + " of after it");
        }
        if (!body.instant("from").equals(paper.from())
                || !body.instant("to").equals(paper.to())
                || body.integer("position", 0, position) != paper.position()) {
            throw new MalformedException(
                    "log/close", "the log's close of " + paper.period() + " is of other times or another position");
        }
    }

    private void ended(TokenId token, Instant end) {
        Leaf leaf = latest.get(token);
        if (leaf != null && Instant.ofEpochMilli(leaf.time()).isAfter(end.plus(TOLERANCE))) {
            throw new MalformedException(
                    "log/revoked", leaf.receiptId() + " was left after its token or job had ended at " + end);
        }
    }

    private void revoked(long position, long edge, long epoch) {
        for (StatementEvidence.BatchPart part : evidence.parts()) {
            var header = part.entry().signed().header();
            if (part.position() > position && header.edge() == edge && (epoch == 0 || header.epoch() == epoch)) {
                throw new MalformedException(
                        "log/revoked", "batch " + part.position() + " came after the key of its edge was revoked");
            }
        }
    }

    /**
     * To be asked when every entry has been told.
     *
     * @throws MalformedException {@code log/…} where the log does not bear out the paper
     */
    public Seen finish() {
        if (own.isEmpty()) {
            throw new MalformedException("log/close", "the log has never closed " + paper.period());
        }
        for (String id : contracts.keySet()) {
            if (!accepted.contains(id)) {
                throw new MalformedException("log/contract", "the log has never taken in contract " + id);
            }
        }
        List<String> checked = new ArrayList<>(List.of(
                closes + " closes follow one another without a gap, and " + paper.period() + " was closed once",
                "each contract stands in the log once, signed by the keys its parties had then",
                "no token, job or edge had ended before the receipts shown"));
        return new Seen(checked, papers.later(), papers.finish(checked));
    }
}
