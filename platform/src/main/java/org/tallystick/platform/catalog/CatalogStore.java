package org.tallystick.platform.catalog;

import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.tallystick.platform.db.SqlArrays;
import org.tallystick.platform.kernel.DatasetId;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.SaltedText;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.FreeRanges;

/** Works and versions in the database. */
final class CatalogStore {
    private static final String VERSION = "select root, dataset, curator, log.words(position, 'title', title) as title,"
            + " log.words(position, 'description', description) as description, members, bytes, creators,"
            + " published, position from catalog.version ";
    private static final String MEMBER =
            "select m.ordinal, w.content_id, w.creator, w.manifest_id, w.bytes, w.media_type, w.license_uri, w.path,"
                    + " w.path_commitment, w.free_ranges, null as named_path, null as path_salt"
                    + " from catalog.version v join catalog.member m on m.version = v.position"
                    + " join catalog.work w on w.manifest_id = m.manifest_id where v.root = :root ";

    private static final String HOLDING = "select %s from catalog.work w"
            + " join catalog.member m on m.manifest_id = w.manifest_id"
            + " join catalog.version v on v.position = m.version where w.content_id = :content";
    /** The same with the paths that the version commits to, for whoever is shown them. */
    private static final String NAMED = MEMBER.replace(
                    "null as named_path, null as path_salt", "p.words as named_path, p.salt as path_salt")
            .replace(
                    "where v.root",
                    "left join log.personal_words p on p.position = w.position and p.member = 'path' where v.root");

    private CatalogStore() {}

    /** A work as an entry makes it known. */
    record Work(
            String manifestId,
            ContentId content,
            PartyId creator,
            long bytes,
            String mediaType,
            String licenseUri,
            String path,
            Optional<Hash> pathCommitment,
            FreeRanges free) {}

    /** A version but for its members and what is computed from them. */
    record Head(
            DatasetId dataset,
            PartyId curator,
            String title,
            String description,
            Hash root,
            Instant published,
            long position) {}

    static void insertWork(Handle tx, Work work, long position) {
        tx.execute(
                "insert into catalog.work"
                        + " (manifest_id, content_id, creator, bytes, media_type, license_uri, path, path_commitment,"
                        + " free_ranges, position) values (?, ?, ?, ?, ?, ?, ?, cast(? as bytea), cast(? as text), ?)",
                work.manifestId(),
                work.content().hash().toBytes(),
                work.creator().value(),
                work.bytes(),
                work.mediaType(),
                work.licenseUri(),
                work.path(),
                work.pathCommitment().map(Hash::toBytes).orElse(null),
                work.free().json().map(Jcs::text).orElse(null),
                position);
    }

    /** The creators who hold this content, by id. */
    static List<PartyId> claimants(Handle tx, ContentId content) {
        return tx.select("select distinct creator from catalog.work where content_id = ? order by creator", (Object)
                        content.hash().toBytes())
                .mapTo(String.class)
                .map(PartyId::new)
                .list();
    }

    /**
     * The works wanted, each at its index in the list; empty where there is none. The ordinal means nothing yet.
     */
    static List<Optional<Member>> resolve(Handle tx, List<ContentAndCreator> wanted) {
        String[] contents = wanted.stream().map(w -> w.content().hex()).toArray(String[]::new);
        String[] creators = wanted.stream().map(w -> w.creator().value()).toArray(String[]::new);
        String[] manifests = wanted.stream().map(w -> w.manifestId().orElse("")).toArray(String[]::new);
        List<Optional<Member>> found = new ArrayList<>(wanted.size());
        tx.createQuery("select 0 as ordinal, w.*, null as named_path, null as path_salt from unnest(:contents,"
                        + " :creators, :manifests) with ordinality q (content, creator, manifest, n) left join"
                        + " lateral (select * from catalog.work w where w.content_id = decode(q.content, 'hex')"
                        + " and w.creator = q.creator and (q.manifest = '' or w.manifest_id = q.manifest) order by"
                        + " w.position desc limit 1) w on true order by q.n")
                .bindArray("contents", String.class, (Object[]) contents)
                .bindArray("creators", String.class, (Object[]) creators)
                .bindArray("manifests", String.class, (Object[]) manifests)
                .map((row, context) ->
                        row.getString("manifest_id") == null ? Optional.<Member>empty() : Optional.of(member(row)))
                .forEach(found::add);
        return found;
    }

    static Optional<DatasetVersion> version(Handle tx, Hash root) {
        return tx.select(VERSION + "where root = ?", (Object) root.toBytes())
                .map((row, context) -> version(row))
                .findOne();
    }

    /** The versions of a dataset, newest first. */
    static List<DatasetVersion> versions(Handle tx, DatasetId dataset, int limit) {
        return tx.select(VERSION + "where dataset = ? order by position desc limit ?", dataset.value(), limit)
                .map((row, context) -> version(row))
                .list();
    }

    /** The versions that hold a manifest's work, newest first. */
    static List<DatasetVersion> versionsHolding(Handle tx, String manifestId, int limit) {
        return tx.select(
                        VERSION + "where position in (select version from catalog.member where manifest_id = ?)"
                                + " order by position desc limit ?",
                        manifestId,
                        limit)
                .map((row, context) -> version(row))
                .list();
    }

    static Optional<PartyId> curator(Handle tx, DatasetId dataset) {
        return tx.select("select curator from catalog.dataset where id = ?", dataset.value())
                .mapTo(String.class)
                .map(PartyId::new)
                .findOne();
    }

    static List<Member> members(Handle tx, Hash root) {
        return tx.createQuery(MEMBER + "order by m.ordinal")
                .bind("root", root.toBytes())
                .map((row, context) -> member(row))
                .list();
    }

    /** The members from an ordinal on, at most so many, each with its path where the version commits to one that is not erased. */
    static List<Member> named(Handle tx, Hash root, int from, int limit) {
        return part(tx, NAMED, root, from, limit);
    }

    static List<Member> members(Handle tx, Hash root, int from, int limit) {
        return part(tx, MEMBER, root, from, limit);
    }

    private static List<Member> part(Handle tx, String members, Hash root, int from, int limit) {
        return tx.createQuery(members + "and m.ordinal >= :from order by m.ordinal limit :limit")
                .bind("root", root.toBytes())
                .bind("from", from)
                .bind("limit", limit)
                .map((row, context) -> member(row))
                .list();
    }

    static List<Member> members(Handle tx, Hash root, int[] ordinals) {
        return tx.createQuery(MEMBER + "and m.ordinal = any(:ordinals) order by m.ordinal")
                .bind("root", root.toBytes())
                .bind("ordinals", SqlArrays.integer(ordinals))
                .map((row, context) -> member(row))
                .list();
    }

    static List<Hash> versionsOf(Handle tx, ContentId content) {
        return tx.createQuery(HOLDING.formatted("distinct v.root"))
                .bind("content", content.hash().toBytes())
                .mapTo(byte[].class)
                .map(Hash::of)
                .list();
    }

    static boolean isCuratedBy(Handle tx, PartyId curator, ContentId content) {
        return tx.createQuery("select exists (" + HOLDING.formatted("1") + " and v.curator = :curator)")
                .bind("content", content.hash().toBytes())
                .bind("curator", curator.value())
                .mapTo(Boolean.class)
                .one();
    }

    static Optional<Member> member(Handle tx, Hash root, ContentId content) {
        return tx.createQuery(NAMED + "and w.content_id = :content")
                .bind("root", root.toBytes())
                .bind("content", content.hash().toBytes())
                .map((row, context) -> member(row))
                .findOne();
    }

    static List<CreatorRange> ranges(Handle tx, Hash root) {
        return tx.select(
                        "select r.creator, r.from_ordinal, r.to_ordinal from catalog.version v"
                                + " join catalog.creator_range r on r.version = v.position"
                                + " where v.root = ? order by r.from_ordinal",
                        (Object) root.toBytes())
                .map((row, context) -> range(row))
                .list();
    }

    static Optional<CreatorRange> range(Handle tx, Hash root, PartyId creator) {
        return tx.select(
                        "select r.creator, r.from_ordinal, r.to_ordinal from catalog.version v"
                                + " join catalog.creator_range r on r.version = v.position"
                                + " where v.root = ? and r.creator = ?",
                        root.toBytes(),
                        creator.value())
                .map((row, context) -> range(row))
                .findOne();
    }

    private static CreatorRange range(ResultSet row) throws SQLException {
        return new CreatorRange(
                new PartyId(row.getString("creator")), row.getInt("from_ordinal"), row.getInt("to_ordinal"));
    }

    /** Writes a version and what follows from it for its dataset. */
    static void insertVersion(Handle tx, Head head, List<String> manifests) {
        long position = head.position();
        int known = tx.createUpdate("insert into catalog.member (version, ordinal, manifest_id)"
                        + " select :position, q.n - 1, w.manifest_id from unnest(:manifests)"
                        + " with ordinality q (manifest, n) join catalog.work w on w.manifest_id = q.manifest")
                .bind("position", position)
                .bindArray("manifests", String.class, (Object[]) manifests.toArray(String[]::new))
                .execute();
        if (known != manifests.size()) {
            throw new IllegalStateException("version " + head.root() + " names works that are not known");
        }
        tx.createUpdate("insert into catalog.creator_range (version, creator, from_ordinal, to_ordinal)"
                        + " select :position, w.creator, min(m.ordinal), max(m.ordinal) + 1 from catalog.member m"
                        + " join catalog.work w on w.manifest_id = m.manifest_id where m.version = :position"
                        + " group by w.creator")
                .bind("position", position)
                .execute();
        tx.createUpdate("insert into catalog.version"
                        + " (position, root, dataset, curator, title, description, members, bytes, creators, published)"
                        + " select :position, :root, :dataset, :curator, :title, :description, count(*), sum(w.bytes),"
                        + " count(distinct w.creator), :published from catalog.member m"
                        + " join catalog.work w on w.manifest_id = m.manifest_id where m.version = :position")
                .bind("position", position)
                .bind("root", head.root().toBytes())
                .bind("dataset", head.dataset().value())
                .bind("curator", head.curator().value())
                .bind("title", head.title())
                .bind("description", head.description())
                .bind("published", head.published().atOffset(ZoneOffset.UTC))
                .execute();
        MarketStore.show(tx, head.dataset(), position);
    }

    static void empty(Handle tx) {
        for (String table : List.of("dataset_creator", "dataset", "creator_range", "member", "version", "work")) {
            tx.execute("delete from catalog." + table);
        }
    }

    static DatasetVersion version(ResultSet row) throws SQLException {
        return new DatasetVersion(
                Hash.of(row.getBytes("root")),
                new DatasetId(row.getString("dataset")),
                new PartyId(row.getString("curator")),
                row.getString("title"),
                row.getString("description"),
                row.getInt("members"),
                row.getLong("bytes"),
                row.getInt("creators"),
                row.getObject("published", OffsetDateTime.class).toInstant(),
                row.getLong("position"));
    }

    private static Member member(ResultSet row) throws SQLException {
        @Nullable String path = row.getString("named_path");
        @Nullable String salt = row.getString("path_salt");
        Optional<SaltedText> named =
                path == null || salt == null ? Optional.empty() : Optional.of(new SaltedText(salt, path));
        return new Member(
                row.getInt("ordinal"),
                new ContentId(Hash.of(row.getBytes("content_id"))),
                new PartyId(row.getString("creator")),
                row.getString("manifest_id"),
                row.getLong("bytes"),
                row.getString("media_type"),
                row.getString("license_uri"),
                named.map(SaltedText::text).orElse(row.getString("path")),
                Optional.ofNullable(row.getBytes("path_commitment")).map(Hash::of),
                named,
                free(row.getString("free_ranges")));
    }

    private static FreeRanges free(@Nullable String ranges) {
        if (ranges == null) {
            return FreeRanges.NONE;
        }
        Json read = Json.parse(ranges.getBytes(StandardCharsets.UTF_8));
        return FreeRanges.read(Fields.of(Json.object().put("free_ranges", read).build(), "work"), "free_ranges");
    }
}
