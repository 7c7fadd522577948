package org.tallystick.platform.catalog;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.tallystick.platform.kernel.DatasetId;
import org.tallystick.platform.kernel.Page;
import org.tallystick.platform.kernel.PartyId;

/**
 * The marketplace's table. Every search walks the index of its rarest filter or the listing's own order, whichever the
 * planner finds shorter, and stops at the page's end: nothing is ranked, because ranking would have to look at every
 * match, and a cursor into a ranking does not stay where it was.
 */
final class MarketStore {
    /** As many datasets as facets count over; beyond, they are a sample of the youngest. */
    static final int FACET_CAP = 10_000;

    private static final int FACET_VALUES = 50;

    /**
     * The form under which a word is stored: English words without their endings, by PostgreSQL's own stemmer; every other
     * word, and each that the stemmer passes over, as it is. Nothing here depends on a locale.
     */
    private static final String STEM = "case when word collate \"C\" ~ '^[a-z]+$'"
            + " then coalesce((ts_lexize('pg_catalog.english_stem', word))[1], word) else word end";

    private MarketStore() {}

    /** Shows a dataset as a version just written has it. */
    static void show(Handle tx, DatasetId dataset, long version) {
        tx.createUpdate("insert into catalog.dataset"
                        + " (id, curator, created, newest, licenses, media_types, title, description)"
                        + " select v.dataset, v.curator, v.position, v.position, "
                        + distinct("license_uri") + ", " + distinct("media_type") + ", v.title, v.description"
                        + " from catalog.version v where v.position = :version"
                        + " on conflict (id) do update set newest = excluded.newest, licenses = excluded.licenses,"
                        + " media_types = excluded.media_types, title = excluded.title,"
                        + " description = excluded.description")
                .bind("version", version)
                .bind("most", DatasetSummary.MAX_LISTED)
                .execute();
        index(tx, dataset.value());
        tx.execute(
                "delete from catalog.dataset_creator where created = (select created from catalog.dataset where id ="
                        + " ?)",
                dataset.value());
        tx.execute(
                "insert into catalog.dataset_creator (creator, created) select r.creator, d.created"
                        + " from catalog.dataset d join catalog.creator_range r on r.version = d.newest where d.id = ?",
                dataset.value());
    }

    /** Cuts the words of datasets that have none yet, as one written by an earlier version has; returns how many there were. */
    static int indexMissing(Handle tx, int most) {
        List<String> missing = tx.select("select id from catalog.dataset where words is null order by id limit ?", most)
                .mapTo(String.class)
                .list();
        missing.forEach(id -> index(tx, id));
        return missing.size();
    }

    /** Cuts the words of a curator's datasets again, after words of theirs were erased. */
    static void indexAgain(Handle tx, PartyId curator) {
        tx.select("select id from catalog.dataset where curator = ?", curator.value())
                .mapTo(String.class)
                .list()
                .forEach(id -> index(tx, id));
    }

    /** Cuts the words of the dataset again whose newest version stands at that place of the log. */
    static void indexAgain(Handle tx, long version) {
        tx.select("select id from catalog.dataset where newest = ?", version)
                .mapTo(String.class)
                .list()
                .forEach(id -> index(tx, id));
    }

    private static void index(Handle tx, String dataset) {
        List<String> fields = tx.select(
                        "select id, log.words(newest, 'title', title) as title,"
                                + " log.words(newest, 'description', description) as description"
                                + " from catalog.dataset where id = ?",
                        dataset)
                .map((row, context) ->
                        List.of(row.getString("id"), row.getString("title"), row.getString("description")))
                .one();
        List<SearchText.Token> tokens = SearchText.stored(fields);
        tx.createUpdate("update catalog.dataset set words = (select coalesce(string_agg(quote_literal(" + STEM
                        + ") || ':' || position, ' '), '')::tsvector"
                        + " from unnest(:words, :positions) t (word, position)) where id = :id")
                .bindArray("words", String.class, (Object[])
                        tokens.stream().map(SearchText.Token::word).toArray(String[]::new))
                .bindArray("positions", Integer.class, (Object[])
                        tokens.stream().map(SearchText.Token::position).toArray(Integer[]::new))
                .bind("id", dataset)
                .execute();
    }

    private static String tsquery(Handle tx, SearchQuery query) {
        Map<String, String> stems = new HashMap<>();
        tx.createQuery("select word, " + STEM + " as stem from unnest(:words) t (word)")
                .bindArray("words", String.class, (Object[]) query.words().toArray(String[]::new))
                .map((row, context) -> stems.put(row.getString("word"), row.getString("stem")))
                .list();
        return query.sql(word -> stems.getOrDefault(word, word));
    }

    private static String distinct(String column) {
        return "(select array_agg(x.value order by x.value) from (select w." + column + " as value"
                + " from catalog.member m join catalog.work w on w.manifest_id = m.manifest_id"
                + " where m.version = :version group by w." + column
                + " order by count(*) desc, w." + column + " limit :most) x)";
    }

    static Page<DatasetSummary> search(Handle tx, DatasetQuery query) {
        List<Long> created = new ArrayList<>();
        List<DatasetSummary> found = new ArrayList<>();
        bound(
                        tx,
                        tx.createQuery("select d.created, d.licenses, d.media_types, v.root, v.dataset, v.curator,"
                                + " log.words(v.position, 'title', v.title) as title,"
                                + " log.words(v.position, 'description', v.description) as description, v.members,"
                                + " v.bytes, v.creators, v.published, v.position from catalog.dataset d"
                                + " join catalog.version v on v.position = d.newest where d.created < :after"
                                + filters(query) + " order by d.created desc limit :limit"),
                        query)
                .bind("after", query.after())
                .bind("limit", query.limit() + 1)
                .map((row, context) -> {
                    created.add(row.getLong("created"));
                    return new DatasetSummary(
                            CatalogStore.version(row), texts(row, "licenses"), texts(row, "media_types"));
                })
                .forEach(found::add);
        return found.size() <= query.limit()
                ? Page.last(found)
                : new Page<>(
                        found.subList(0, query.limit()),
                        java.util.Optional.of(DatasetQuery.cursorAfter(created.get(query.limit() - 1))));
    }

    static Facets facets(Handle tx, DatasetQuery query) {
        Map<String, Long> licenses = new LinkedHashMap<>();
        Map<String, Long> mediaTypes = new LinkedHashMap<>();
        long[] counted = new long[1];
        bound(
                        tx,
                        tx.createQuery("with found as materialized (select d.licenses, d.media_types"
                                + " from catalog.dataset d where true" + filters(query)
                                + " order by d.created desc limit :cap),"
                                + " counted as (select * from found limit :cap - 1)"
                                + " (select 'licenses' as facet, value, count(*) as n"
                                + " from counted, unnest(licenses) value group by value order by n desc, value"
                                + " limit :values) union all"
                                + " (select 'media_types', value, count(*) as n"
                                + " from counted, unnest(media_types) value group by value order by n desc, value"
                                + " limit :values) union all"
                                + " select 'datasets', '', count(*) from found"),
                        query)
                .bind("cap", FACET_CAP + 1)
                .bind("values", FACET_VALUES)
                .map((row, context) -> {
                    switch (row.getString("facet")) {
                        case "licenses" -> licenses.put(row.getString("value"), row.getLong("n"));
                        case "media_types" -> mediaTypes.put(row.getString("value"), row.getLong("n"));
                        default -> counted[0] = row.getLong("n");
                    }
                    return true;
                })
                .list();
        return new Facets(Math.min(counted[0], FACET_CAP), counted[0] > FACET_CAP, licenses, mediaTypes);
    }

    private static String filters(DatasetQuery query) {
        StringBuilder sql = new StringBuilder();
        if (query.text().isPresent()) {
            boolean empty = SearchQuery.parse(query.text().get()).isEmpty();
            sql.append(empty ? " and false" : " and d.words @@ cast(:text as tsquery)");
        }
        if (query.license().isPresent()) {
            sql.append(" and d.licenses @> array[:license]::text[]");
        }
        if (query.mediaType().isPresent()) {
            sql.append(" and d.media_types @> array[:media_type]::text[]");
        }
        if (query.curator().isPresent()) {
            sql.append(" and d.curator = :curator");
        }
        if (query.creator().isPresent()) {
            sql.append(" and d.created in (select created from catalog.dataset_creator where creator = :creator)");
        }
        return sql.toString();
    }

    private static Query bound(Handle tx, Query sql, DatasetQuery query) {
        query.text()
                .map(SearchQuery::parse)
                .filter(asked -> !asked.isEmpty())
                .ifPresent(asked -> sql.bind("text", tsquery(tx, asked)));
        query.license().ifPresent(license -> sql.bind("license", license));
        query.mediaType().ifPresent(type -> sql.bind("media_type", type));
        query.curator().ifPresent(curator -> sql.bind("curator", curator.value()));
        query.creator().ifPresent(creator -> sql.bind("creator", creator.value()));
        return sql;
    }

    private static List<String> texts(ResultSet row, String column) throws SQLException {
        Array array = row.getArray(column);
        return List.of((String[]) array.getArray());
    }
}
