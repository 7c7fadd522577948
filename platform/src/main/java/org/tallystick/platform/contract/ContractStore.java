package org.tallystick.platform.contract;

import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.tallystick.platform.db.SqlArrays;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.terms.ContractDocument;

/** The tables of contracts, in the schema {@code contract}; those of negotiations have stores of their own. */
final class ContractStore {
    private static final String CONTRACT = "select c.id, c.position, c.document, c.buyer, c.curator, c.dataset_version,"
            + " c.accepted, c.ends, r.position as revoked_position, r.revoked, r.party as revoked_by,"
            + " case when r.position is not null then log.words(r.position, 'reason', r.reason) end as reason"
            + " from contract.contract c left join contract.revocation r on r.contract = c.id ";

    private ContractStore() {}

    static Optional<Contract> find(Handle tx, ContractId id) {
        return tx.select(CONTRACT + "where c.id = ?", id.value())
                .map((row, context) -> contract(row))
                .findOne();
    }

    static Optional<Hash> hash(Handle tx, ContractId id) {
        return tx.select("select hash from contract.contract where id = ?", id.value())
                .mapTo(byte[].class)
                .findOne()
                .map(Hash::of);
    }

    static boolean live(Handle tx, ContractId id, Instant time) {
        return tx.createQuery("select count(*) from contract.contract c where id = :id"
                                + " and accepted <= :time and ends > :time and not exists"
                                + " (select from contract.revocation r where r.contract = c.id and r.revoked <= :time)")
                        .bind("id", id.value())
                        .bind("time", time.atOffset(ZoneOffset.UTC))
                        .mapTo(Integer.class)
                        .one()
                > 0;
    }

    /** All contracts in the order they were accepted. */
    static List<Contract> all(Handle tx) {
        return tx.select(CONTRACT + "order by c.position")
                .map((row, context) -> contract(row))
                .list();
    }

    /** Contracts that name a party, by id, after one. */
    static List<Contract> ofParty(Handle tx, PartyId party, String after, int limit) {
        return tx.createQuery(CONTRACT + "join contract.party p on p.contract = c.id and p.party = :party"
                        + " where c.id > :after order by c.id limit :limit")
                .bind("party", party.value())
                .bind("after", after)
                .bind("limit", limit)
                .map((row, context) -> contract(row))
                .list();
    }

    static boolean names(Handle tx, ContractId id, PartyId party) {
        return tx.createQuery("select count(*) from contract.party where contract = :id and party = :party")
                        .bind("id", id.value())
                        .bind("party", party.value())
                        .mapTo(Integer.class)
                        .one()
                > 0;
    }

    static boolean grants(Handle tx, PartyId party, Hash version) {
        return tx.createQuery("select exists (select from contract.contract"
                        + " where dataset_version = :version and (buyer = :party or curator = :party))")
                .bind("version", version.toBytes())
                .bind("party", party.value())
                .mapTo(Boolean.class)
                .one();
    }

    static boolean namesAny(Handle tx, PartyId party, List<Hash> versions) {
        return tx.createQuery("select exists (select from unnest(:versions) v (root)"
                        + " join contract.contract c on c.dataset_version = v.root"
                        + " join contract.party p on p.contract = c.id and p.party = :party)")
                .bind(
                        "versions",
                        SqlArrays.bytea(versions.stream().map(Hash::toBytes).toArray(byte[][]::new)))
                .bind("party", party.value())
                .mapTo(Boolean.class)
                .one();
    }

    static List<RevokedContract> revokedAfter(Handle tx, long position, Instant endsAfter) {
        return tx.select(
                        "select r.contract, r.position from contract.revocation r"
                                + " join contract.contract c on c.id = r.contract"
                                + " where r.position > ? and c.ends > ? order by r.position",
                        position,
                        endsAfter.atOffset(ZoneOffset.UTC))
                .map((row, context) ->
                        new RevokedContract(new ContractId(row.getString("contract")), row.getLong("position")))
                .list();
    }

    static long lastRevocation(Handle tx) {
        return tx.select("select coalesce(max(position), -1) from contract.revocation")
                .mapTo(Long.class)
                .one();
    }

    static void insert(Handle tx, long position, Instant accepted, ContractDocument document, Set<String> parties) {
        String id = document.id();
        tx.createUpdate("insert into contract.contract"
                        + " (id, position, hash, buyer, curator, dataset_version, accepted, ends, document)"
                        + " values (:id, :position, :hash, :buyer, :curator, :version, :accepted, :ends, :document)")
                .bind("id", id)
                .bind("position", position)
                .bind("hash", document.hash().toBytes())
                .bind("buyer", document.buyer().orElseThrow())
                .bind("curator", document.curator().orElseThrow())
                .bind("version", document.datasetVersion().orElseThrow().toBytes())
                .bind("accepted", accepted.atOffset(ZoneOffset.UTC))
                .bind(
                        "ends",
                        document.endOf(accepted, replacedEnd(tx, document)).atOffset(ZoneOffset.UTC))
                .bind("document", document.toString())
                .execute();
        PreparedBatch batch =
                tx.prepareBatch("insert into contract.party (party, contract) values (:party, :contract)");
        parties.forEach(party -> batch.bind("party", party).bind("contract", id).add());
        batch.execute();
    }

    /** First moment past the life of the contract whose place another takes; empty where it takes none. */
    static Optional<Instant> replacedEnd(Handle tx, ContractDocument document) {
        return document.replaces()
                .flatMap(old -> find(tx, new ContractId(old.contract())))
                .map(Contract::ends);
    }

    static void insertRevocation(Handle tx, long position, Instant at, ContractId id, PartyId by, String reason) {
        tx.createUpdate("insert into contract.revocation (contract, position, revoked, party, reason)"
                        + " values (:id, :position, :at, :by, :reason)")
                .bind("id", id.value())
                .bind("position", position)
                .bind("at", at.atOffset(ZoneOffset.UTC))
                .bind("by", by.value())
                .bind("reason", reason)
                .execute();
    }

    /** Contracts whose exclusive grant of a dataset is not over yet, in the order they were accepted. */
    static List<ExclusiveGrant> exclusive(Handle tx, String dataset, Instant now) {
        try (Stream<ExclusiveGrant> all = exclusive(tx, dataset, "", now)) {
            return all.toList();
        }
    }

    /** The same without the contracts of one buyer; a stream, because the caller mostly needs no more than the first. */
    static Stream<ExclusiveGrant> exclusive(Handle tx, String dataset, String notOf, Instant now) {
        return tx
                .createQuery(CONTRACT.replace(" from ", ", e.begins, least(e.ends, c.ends) as exclusive_ends from ")
                        + "join contract.exclusive e on e.contract = c.id where e.dataset = :dataset"
                        + " and e.reverted is null and least(e.ends, c.ends) > greatest(e.begins, :now)"
                        + " and (r.revoked is null or r.revoked > :now) and c.buyer <> :buyer order by c.position")
                .bind("dataset", dataset)
                .bind("buyer", notOf)
                .bind("now", now.atOffset(ZoneOffset.UTC))
                .map((row, context) -> new ExclusiveGrant(
                        contract(row),
                        row.getObject("begins", OffsetDateTime.class).toInstant(),
                        row.getObject("exclusive_ends", OffsetDateTime.class).toInstant()))
                .stream();
    }

    static void insertExclusive(Handle tx, ContractDocument contract, Instant begins, Instant ends) {
        tx.createUpdate("insert into contract.exclusive (contract, dataset, begins, ends)"
                        + " values (:id, :dataset, :begins, :ends)")
                .bind("id", contract.id())
                .bind("dataset", contract.dataset())
                .bind("begins", begins.atOffset(ZoneOffset.UTC))
                .bind("ends", ends.atOffset(ZoneOffset.UTC))
                .execute();
    }

    static void revert(Handle tx, ContractId id, Instant at) {
        tx.execute(
                "update contract.exclusive set reverted = ? where contract = ?",
                at.atOffset(ZoneOffset.UTC),
                id.value());
    }

    /** Brings a contract's end forward. */
    static void end(Handle tx, ContractId id, Instant ends) {
        tx.execute(
                "update contract.contract set ends = least(ends, ?) where id = ?",
                ends.atOffset(ZoneOffset.UTC),
                id.value());
    }

    static void insertNotice(Handle tx, Notice notice) {
        tx.createUpdate("insert into contract.notice (position, contract, kind, given, party, reason, effective)"
                        + " values (:position, :contract, :kind, :given, :party, :reason, :effective)")
                .bind("position", notice.position())
                .bind("contract", notice.contract().value())
                .bind("kind", notice.kind().word())
                .bind("given", notice.given().atOffset(ZoneOffset.UTC))
                .bind("party", notice.by().value())
                .bind("reason", notice.reason())
                .bind("effective", notice.effective().atOffset(ZoneOffset.UTC))
                .execute();
    }

    static List<Notice> notices(Handle tx, ContractId id) {
        return tx.select(
                        "select position, kind, given, party, log.words(position, 'reason', reason) as reason,"
                                + " effective from contract.notice"
                                + " where contract = ? order by position",
                        id.value())
                .map((row, context) -> new Notice(
                        id,
                        row.getLong("position"),
                        Notice.Kind.ofWord(row.getString("kind")),
                        row.getObject("given", OffsetDateTime.class).toInstant(),
                        new PartyId(row.getString("party")),
                        row.getString("reason"),
                        row.getObject("effective", OffsetDateTime.class).toInstant()))
                .list();
    }

    /** When a creator took a mandate back, if it did. */
    static Optional<Instant> mandateRevoked(Handle tx, PartyId creator, String mandate) {
        return tx.select(
                        "select revoked from contract.mandate_revocation where creator = ? and mandate = ?",
                        creator.value(),
                        mandate)
                .mapTo(OffsetDateTime.class)
                .findOne()
                .map(OffsetDateTime::toInstant);
    }

    static void revokeMandate(Handle tx, long position, Instant at, PartyId creator, String mandate) {
        tx.execute(
                "insert into contract.mandate_revocation (creator, mandate, position, revoked) values (?, ?, ?, ?)",
                creator.value(),
                mandate,
                position,
                at.atOffset(ZoneOffset.UTC));
    }

    static void empty(Handle tx) {
        tx.execute("truncate contract.mandate_revocation, contract.notice, contract.exclusive, contract.revocation,"
                + " contract.party, contract.contract");
    }

    private static Contract contract(ResultSet row) throws SQLException {
        OffsetDateTime revoked = row.getObject("revoked", OffsetDateTime.class);
        return new Contract(
                new ContractId(row.getString("id")),
                row.getLong("position"),
                ContractDocument.recorded(
                        Json.parseObject(row.getString("document").getBytes(StandardCharsets.UTF_8))),
                new PartyId(row.getString("buyer")),
                new PartyId(row.getString("curator")),
                Hash.of(row.getBytes("dataset_version")),
                row.getObject("accepted", OffsetDateTime.class).toInstant(),
                row.getObject("ends", OffsetDateTime.class).toInstant(),
                revoked == null
                        ? Optional.empty()
                        : Optional.of(new Contract.Revocation(
                                row.getLong("revoked_position"),
                                revoked.toInstant(),
                                new PartyId(row.getString("revoked_by")),
                                row.getString("reason"))));
    }
}
