package org.tallystick.platform.delivery;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.protocol.receipt.EdgeCertificate;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.Jws;

/** Tables of edges, their certificates and revocations. */
final class EdgeStore {
    /** Stands as epoch where the whole edge is revoked. */
    static final int EVERY_EPOCH = 0;

    private static final String EDGE = "select e.edge, e.name, e.party, exists (select from delivery.edge_revocation r"
            + " where r.edge = e.edge and r.epoch = 0) as revoked from delivery.edge e ";
    private static final String CERTIFICATE = "select c.certificate, c.position, exists"
            + " (select from delivery.edge_revocation r where r.edge = c.edge and r.epoch in (0, c.epoch)) as revoked"
            + " from delivery.certificate c ";

    private EdgeStore() {}

    static Optional<Edge> find(Handle tx, int edge) {
        return tx.select(EDGE + "where e.edge = ?", edge)
                .map((row, context) -> edge(row))
                .findOne();
    }

    static Optional<Edge> named(Handle tx, String name) {
        return tx.select(EDGE + "where e.name = ?", name)
                .map((row, context) -> edge(row))
                .findOne();
    }

    static List<Edge> all(Handle tx) {
        return tx.select(EDGE + "order by e.edge")
                .map((row, context) -> edge(row))
                .list();
    }

    static int lastEdge(Handle tx) {
        return tx.select("select coalesce(max(edge), 0) from delivery.edge")
                .mapTo(Integer.class)
                .one();
    }

    static int lastEpoch(Handle tx, int edge) {
        return tx.select("select coalesce(max(epoch), 0) from delivery.certificate where edge = ?", edge)
                .mapTo(Integer.class)
                .one();
    }

    static Optional<CertificateRecord> certificate(Handle tx, int edge, int epoch) {
        return tx.select(CERTIFICATE + "where c.edge = ? and c.epoch = ?", edge, epoch)
                .map((row, context) -> certificate(row))
                .findOne();
    }

    static Optional<CertificateRecord> certificateOf(Handle tx, DidKey key) {
        return tx.select(CERTIFICATE + "where c.did_key = ?", key.toString())
                .map((row, context) -> certificate(row))
                .findOne();
    }

    static List<CertificateRecord> certificates(Handle tx, int edge) {
        return tx.select(CERTIFICATE + "where c.edge = ? order by c.epoch", edge)
                .map((row, context) -> certificate(row))
                .list();
    }

    static boolean isRevoked(Handle tx, int edge, int epoch) {
        return tx.select("select count(*) from delivery.edge_revocation where edge = ? and epoch = ?", edge, epoch)
                        .mapTo(Integer.class)
                        .one()
                > 0;
    }

    static long revokedFrom(Handle tx, int edge, int epoch) {
        return tx.select(
                        "select coalesce(min(position), ?) from delivery.edge_revocation"
                                + " where edge = ? and epoch in (0, ?)",
                        Long.MAX_VALUE,
                        edge,
                        epoch)
                .mapTo(Long.class)
                .one();
    }

    static void insert(Handle tx, long position, int edge, String name, PartyId party) {
        tx.createUpdate("insert into delivery.edge (edge, position, name, party)"
                        + " values (:edge, :position, :name, :party)")
                .bind("edge", edge)
                .bind("position", position)
                .bind("name", name)
                .bind("party", party.value())
                .execute();
    }

    static void insertCertificate(Handle tx, long position, EdgeCertificate certificate, String compact) {
        tx.createUpdate("insert into delivery.certificate (edge, epoch, position, did_key, certificate)"
                        + " values (:edge, :epoch, :position, :key, :certificate)")
                .bind("edge", certificate.edge())
                .bind("epoch", certificate.epoch())
                .bind("position", position)
                .bind("key", certificate.key().toString())
                .bind("certificate", compact)
                .execute();
    }

    static void insertRevocation(Handle tx, long position, int edge, int epoch, Instant at, String reason) {
        tx.createUpdate("insert into delivery.edge_revocation (edge, epoch, position, revoked, reason)"
                        + " values (:edge, :epoch, :position, :at, :reason)")
                .bind("edge", edge)
                .bind("epoch", epoch)
                .bind("position", position)
                .bind("at", RowStore.time(at))
                .bind("reason", reason)
                .execute();
    }

    /** A certificate from the platform's own log; the platform signed it, so it is not verified again. */
    static EdgeCertificate read(String compact) {
        return EdgeCertificate.ofPayload(Jws.parse(compact).payload());
    }

    private static Edge edge(ResultSet row) throws SQLException {
        return new Edge(
                row.getInt("edge"),
                row.getString("name"),
                new PartyId(row.getString("party")),
                row.getBoolean("revoked"));
    }

    private static CertificateRecord certificate(ResultSet row) throws SQLException {
        String compact = row.getString("certificate");
        return new CertificateRecord(read(compact), compact, row.getLong("position"), row.getBoolean("revoked"));
    }
}
