package org.tallystick.platform.delivery;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.contract.Contracts;
import org.tallystick.platform.contract.RevokedContract;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.kernel.Category;
import org.tallystick.platform.kernel.ClockSkew;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.DisplayText;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.log.Decision;
import org.tallystick.platform.log.Draft;
import org.tallystick.platform.log.Sequencer;
import org.tallystick.platform.party.Parties;
import org.tallystick.platform.party.Principal;
import org.tallystick.platform.party.Role;
import org.tallystick.protocol.receipt.EdgeCertificate;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.Ed25519Keys;
import org.tallystick.protocol.sign.Verifier;

/**
 * Registers edges, certifies their keys one epoch at a time, and tells them what was revoked. Safe from any thread.
 *
 * <p>Every method may throw what the sequencer and the database throw when they cannot answer now; repeating is safe.
 */
public final class Edges {
    private static final int MAX_NAME = 64;
    private static final int MAX_REASON = 256;

    private final Database database;
    private final Sequencer sequencer;
    private final Parties parties;
    private final Contracts contracts;
    private final Verifier verifier;
    private final InstantSource clock;
    private final Authority authority;

    Edges(
            Database database,
            Sequencer sequencer,
            Parties parties,
            Contracts contracts,
            Verifier verifier,
            InstantSource clock,
            Authority authority) {
        this.database = database;
        this.sequencer = sequencer;
        this.parties = parties;
        this.contracts = contracts;
        this.verifier = verifier;
        this.clock = clock;
        this.authority = authority;
    }

    /** What an edge signs with a new key to show that it has it. */
    public static byte[] proofMessage(int edge, DidKey key) {
        return ("tallystick/edge-key/v1\n" + edge + "\n" + key).getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Registers an edge, or finds the one of that name, and gives it a fresh API key in any case: the key is shown only
     * once, so whoever lost it asks again.
     *
     * @param name 1 to {@value #MAX_NAME} printable characters
     * @return refused {@code edge/operator-only}, {@code edge/name}, {@code party/too-many-keys}
     */
    public Outcome<RegisteredEdge> register(Principal by, String name) {
        if (by.role() != Role.OPERATOR) {
            return operatorOnly();
        }
        if (!isText(name, MAX_NAME)) {
            return refused(
                    Category.INVALID, "edge/name", "an edge's name has 1 to " + MAX_NAME + " printable characters");
        }
        Outcome<Edge> edge = sequencer.execute((tx, now) -> {
            Optional<Edge> known = EdgeStore.named(tx, name);
            if (known.isPresent()) {
                return Decision.answer(Outcome.repeated(known.get()));
            }
            int number = EdgeStore.lastEdge(tx) + 1;
            return Decision.append(
                    List.of(
                            Parties.edge(Edge.partyOf(number)),
                            Draft.document(Entries.EDGE, Entries.edge(number, name))),
                    position -> Outcome.accepted(new Edge(number, name, Edge.partyOf(number), false)));
        });
        return edge.flatMap(e -> parties.issueKey(e.party()).map(key -> new RegisteredEdge(e, key)))
                .flatMap(registered -> edge instanceof Outcome.Accepted<Edge> accepted && accepted.repeated()
                        ? Outcome.repeated(registered)
                        : Outcome.accepted(registered));
    }

    /**
     * Certifies a key for the edge's next epoch. The same key again gives the same certificate.
     *
     * @param proof the key's signature over {@link #proofMessage}
     * @return refused {@code edge/not-this-edge}, {@code edge/unknown}, {@code delivery/edge-revoked}, {@code
     *     edge/key}, {@code edge/key-proof}, {@code edge/key-taken}, {@code edge/key-expired}, {@code edge/key-revoked}
     */
    public Outcome<CertificateRecord> certify(Principal by, int edge, DidKey key, byte[] proof) {
        if (by.role() != Role.EDGE || !by.id().equals(Edge.partyOf(edge))) {
            return refused(Category.FORBIDDEN, "edge/not-this-edge", by.id() + " is not edge " + edge);
        }
        if (!Ed25519Keys.isUsable(key.publicKey())) {
            return refused(Category.INVALID, "edge/key", "this key would bind nobody");
        }
        if (!verifier.verify(key.publicKey(), proofMessage(edge, key), proof)) {
            return refused(Category.FORBIDDEN, "edge/key-proof", "the proof is not the key's signature for this edge");
        }
        return sequencer.execute((tx, now) -> {
            Optional<Edge> found = EdgeStore.find(tx, edge);
            if (found.isEmpty()) {
                return Decision.answer(refused(Category.NOT_FOUND, "edge/unknown", "there is no edge " + edge));
            }
            if (found.get().revoked()) {
                return Decision.answer(revokedEdge(edge));
            }
            Optional<CertificateRecord> known = EdgeStore.certificateOf(tx, key);
            if (known.isPresent()) {
                return Decision.answer(again(known.get(), edge, now));
            }
            EdgeCertificate certificate = new EdgeCertificate(
                    edge,
                    found.get().name(),
                    EdgeStore.lastEpoch(tx, edge) + 1,
                    key,
                    earlier(now, clock.instant()).minus(ClockSkew.MOST).truncatedTo(ChronoUnit.MILLIS),
                    now.plus(authority.certificateValidity()).truncatedTo(ChronoUnit.MILLIS));
            String compact = certificate.sign(authority.signer());
            return Decision.append(
                    List.of(Draft.document(Entries.EDGE_CERTIFICATE, Entries.edgeCertificate(compact))),
                    position -> Outcome.accepted(new CertificateRecord(certificate, compact, position, false)));
        });
    }

    /**
     * The earlier of the log's time and the clock's. The log's time never runs back, so it can be ahead after a clock was;
     * deliveries carry the clock's time, and the certificate must already be valid then.
     */
    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private static Outcome<CertificateRecord> again(CertificateRecord known, int edge, Instant now) {
        if (known.certificate().edge() != edge) {
            return refused(Category.CONFLICT, "edge/key-taken", "the key is another edge's");
        }
        if (known.revoked()) {
            return refused(Category.FORBIDDEN, "edge/key-revoked", "the key was revoked; bring another");
        }
        if (!now.isBefore(known.certificate().expires())) {
            return refused(
                    Category.CONFLICT,
                    "edge/key-expired",
                    "the key's certificate expired at " + known.certificate().expires() + "; bring another");
        }
        return Outcome.repeated(known);
    }

    /**
     * Takes nothing more from an edge, or nothing signed with the key of one epoch. Again is a repeat.
     *
     * @param epoch the one epoch, or empty for the edge as a whole, for ever
     * @param reason why, without personal data: it goes into the log
     * @return refused {@code edge/operator-only}, {@code edge/reason}, {@code edge/unknown}, {@code
     *     edge/unknown-epoch}
     */
    public Outcome<Edge> revoke(Principal by, int edge, Optional<Integer> epoch, String reason) {
        if (by.role() != Role.OPERATOR) {
            return operatorOnly();
        }
        if (!isText(reason, MAX_REASON)) {
            return refused(
                    Category.INVALID, "edge/reason", "a reason has 1 to " + MAX_REASON + " printable characters");
        }
        int which = epoch.orElse(EdgeStore.EVERY_EPOCH);
        return sequencer.execute((tx, now) -> {
            Optional<Edge> found = EdgeStore.find(tx, edge);
            if (found.isEmpty()) {
                return Decision.answer(refused(Category.NOT_FOUND, "edge/unknown", "there is no edge " + edge));
            }
            if (epoch.isPresent() && EdgeStore.certificate(tx, edge, which).isEmpty()) {
                return Decision.answer(
                        refused(Category.NOT_FOUND, "edge/unknown-epoch", "edge " + edge + " has no epoch " + which));
            }
            if (EdgeStore.isRevoked(tx, edge, which)) {
                return Decision.answer(Outcome.repeated(found.get()));
            }
            boolean whole = epoch.isEmpty() || found.get().revoked();
            Edge after = new Edge(edge, found.get().name(), found.get().party(), whole);
            return Decision.append(
                    List.of(Draft.document(Entries.EDGE_REVOKED, Entries.edgeRevoked(edge, which, by.id(), reason))),
                    position -> Outcome.accepted(after));
        });
    }

    /**
     * What was revoked after a log position, for edges to poll.
     *
     * @param after the {@code position} of the answer before; -1 at first
     */
    public Revocations revocations(long after) {
        Instant now = clock.instant();
        return database.read(tx -> {
            List<JobStore.RevokedToken> tokens = JobStore.revokedAfter(tx, after);
            List<RevokedContract> ended = contracts.revokedAfter(tx, after);
            long position = after;
            for (JobStore.RevokedToken token : tokens) {
                position = Math.max(position, token.position());
            }
            for (RevokedContract contract : ended) {
                position = Math.max(position, contract.position());
            }
            List<JobStore.RevokedToken> live = tokens.stream()
                    .filter(token -> token.expires().plus(ClockSkew.MOST).isAfter(now))
                    .toList();
            List<ContractId> contractIds =
                    ended.stream().map(RevokedContract::contract).toList();
            return new Revocations(
                    position,
                    live.stream().map(JobStore.RevokedToken::id).toList(),
                    live.stream()
                            .filter(JobStore.RevokedToken::byClosing)
                            .map(JobStore.RevokedToken::id)
                            .toList(),
                    contractIds);
        });
    }

    /** The log position of the first entry that revoked an epoch, or its whole edge; {@link Long#MAX_VALUE} for none. */
    public long revokedFrom(Handle tx, int edge, int epoch) {
        return EdgeStore.revokedFrom(tx, edge, epoch);
    }

    /** An edge, if there is one of that number. */
    public Optional<Edge> find(int edge) {
        return database.read(tx -> EdgeStore.find(tx, edge));
    }

    /** All edges by number. */
    public List<Edge> all(Handle tx) {
        return EdgeStore.all(tx);
    }

    /** The certificate of an edge's epoch, revoked or not. */
    public Optional<CertificateRecord> certificate(int edge, int epoch) {
        return database.read(tx -> EdgeStore.certificate(tx, edge, epoch));
    }

    /** The certificate of an edge's epoch, revoked or not, as a transaction sees it. */
    public Optional<CertificateRecord> certificate(Handle tx, int edge, int epoch) {
        return EdgeStore.certificate(tx, edge, epoch);
    }

    /** All certificates of an edge by epoch. */
    public List<CertificateRecord> certificates(Handle tx, int edge) {
        return EdgeStore.certificates(tx, edge);
    }

    private static boolean isText(String text, int max) {
        return !text.isBlank() && text.length() <= max && DisplayText.of(text).equals(text);
    }

    static <T> Outcome<T> revokedEdge(int edge) {
        return refused(Category.FORBIDDEN, "delivery/edge-revoked", "edge " + edge + " was revoked");
    }

    private static <T> Outcome<T> operatorOnly() {
        return refused(Category.FORBIDDEN, "edge/operator-only", "only an operator may do this");
    }

    private static <T> Outcome<T> refused(Category category, String type, String detail) {
        return Outcome.refused(DeliveryProblems.refusal(category, type, detail));
    }
}
