package org.tallystick.platform.metering;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.RoaringBitmap;
import org.tallystick.platform.metering.fold.Classifier;
import org.tallystick.platform.metering.fold.CountPlanes;
import org.tallystick.platform.metering.fold.Counters;
import org.tallystick.platform.metering.fold.FoldInputs;
import org.tallystick.platform.metering.fold.MeteredWork;
import org.tallystick.platform.metering.fold.UsageKey;
import org.tallystick.protocol.codec.Seeds;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.Leaf;

/** The same answer, for every set and creator, as an engine of others gives to the question as one would ask it: COUNT(DISTINCT) over rows. */
class DuckDbOracleTest {
    private static final int WORKS = 300;
    private static final int WORKS_PER_CREATOR = 7;
    private static final String QUESTION = """
            select g.contract, g.job, g.scope, m.creator, count(distinct l.content) as uses
            from (select distinct * from leaf) l
            join granted g on g.token = l.token and g.scope = l.scope and l.time >= g.nbf and l.time < g.exp
            join member m on m.dataset = g.dataset and m.content = l.content
            where l.kind in ('FULL', 'PARTIAL', 'NOT_MODIFIED') and l.scope <> 'PREVIEW'
              and l.granted and l.time < g.ended and (case when l.kind = 'FULL' then l.bytes = m.length
                else l.start + l.bytes <= m.length end)
              and (l.bytes = 0 or l.start + l.bytes > m.free)
              and (not exists (select 1 from leaf v where v.kind in ('VOID', 'CUT')
                and v.edge = l.edge and v.epoch = l.epoch and v.refers = l.sequence)
                or exists (select 1 from leaf c where c.kind = 'CUT' and c.edge = l.edge and c.epoch = l.epoch
                  and c.refers = l.sequence and (l.bytes = 0 or l.start + least(c.bytes, l.bytes) > m.free)))
            group by all
            """;

    @Test
    void setsHaveTheCardinalityThatDuckDbCounts() {
        Seeds.check(1, random -> {
            RandomDeliveries deliveries = new RandomDeliveries(random, WORKS, 4, 4_000);
            MemoryLog log = deliveries.logOf(deliveries.scattered());
            log.foldAfresh();
            Map<String, Integer> counted = new TreeMap<>();
            Map<Integer, Long> totals = new TreeMap<>();
            log.saved().forEach((key, rows) -> count(key, rows.values(), counted, totals));
            Map<String, Integer> expected = answer(deliveries);
            assertThat(counted).isNotEmpty().isEqualTo(expected);
            Map<Integer, Long> sums = new TreeMap<>();
            expected.forEach((question, uses) -> sums.merge(
                    Integer.parseInt(question.substring(question.indexOf(' ') + 1)), (long) uses, Long::sum));
            assertThat(totals).isEqualTo(sums);
        });
    }

    /** As {@link Metering#counts} and {@link Metering#totals} do it: by each creator's run of ordinals. */
    private static void count(
            UsageKey key, Collection<CountPlanes> buckets, Map<String, Integer> counted, Map<Integer, Long> totals) {
        RoaringBitmap all = new RoaringBitmap();
        long[] words = new long[(WORKS + 63) / 64];
        buckets.forEach(bucket -> {
            all.or(bucket.members());
            bucket.orInto(words);
        });
        Counters sums = new Counters(WORKS);
        sums.addAll(words);
        for (int from = 0; from < WORKS; from += WORKS_PER_CREATOR) {
            int to = Math.min(WORKS, from + WORKS_PER_CREATOR);
            int uses = (int) all.rangeCardinality(from, to);
            if (uses > 0) {
                counted.put(key + " " + from / WORKS_PER_CREATOR, uses);
                totals.merge(from / WORKS_PER_CREATOR, sums.sum(from, to), Long::sum);
            }
        }
    }

    private static Map<String, Integer> answer(RandomDeliveries deliveries) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            statement.execute("create table leaf (edge int, epoch int, sequence bigint, kind text, scope text,"
                    + " time bigint, token text, content text, refers bigint, start bigint, bytes bigint,"
                    + " granted boolean)");
            statement.execute("create table granted (token text, contract text, job text, scope text, nbf bigint,"
                    + " exp bigint, dataset text, ended bigint)");
            statement.execute(
                    "create table member (dataset text, content text, creator int, length bigint, free bigint)");
            fill(connection, deliveries);
            Map<String, Integer> counted = new TreeMap<>();
            try (ResultSet rows = statement.executeQuery(QUESTION)) {
                while (rows.next()) {
                    String scope = rows.getString("scope").toLowerCase(java.util.Locale.ROOT);
                    counted.put(
                            rows.getString("contract") + "/" + rows.getString("job") + "/" + scope + " "
                                    + rows.getInt("creator"),
                            rows.getInt("uses"));
                }
            }
            return counted;
        }
    }

    private static void fill(Connection connection, RandomDeliveries deliveries) throws SQLException {
        List<List<Object>> leaves = new ArrayList<>();
        Plain plain = deliveries.plain();
        for (Leaf leaf : deliveries.leaves()) {
            List<Object> row = List.of(
                    leaf.edge(),
                    leaf.epoch(),
                    leaf.sequence(),
                    leaf.kind().name(),
                    leaf.scope().name(),
                    leaf.time(),
                    leaf.token().toString(),
                    leaf.content().toString(),
                    leaf.refers(),
                    leaf.from(),
                    leaf.bytes(),
                    plain.isGranted(leaf));
            leaves.add(row);
            leaves.add(row); // whatever is counted must not depend on repetition
        }
        insert(connection, "leaf", leaves);
        List<List<Object>> granted = new ArrayList<>();
        for (Grant grant : deliveries.grants.values()) {
            granted.add(List.of(
                    grant.tokenId().toString(),
                    grant.contract(),
                    grant.job(),
                    grant.scope().name(),
                    grant.notBefore().toEpochMilli(),
                    grant.expires().toEpochMilli(),
                    grant.dataset().hex(),
                    ended(deliveries, grant)));
        }
        insert(connection, "granted", granted);
        List<List<Object>> members = new ArrayList<>();
        deliveries.datasets.forEach((root, contents) -> {
            for (int i = 0; i < contents.size(); i++) {
                MeteredWork work = RandomDeliveries.work(contents.get(i));
                members.add(List.of(
                        root.hex(),
                        "sha256:" + contents.get(i).hex(),
                        i / WORKS_PER_CREATOR,
                        work.bytes(),
                        work.free().bytes()));
            }
        });
        insert(connection, "member", members);
    }

    /** First millisecond at which nothing counts under a grant any longer. */
    private static long ended(RandomDeliveries deliveries, Grant grant) {
        FoldInputs.Bounds bounds = Objects.requireNonNull(deliveries.bounds.get(grant.tokenId()));
        return Stream.of(
                        bounds.revoked().map(end -> end.toEpochMilli() + Classifier.TOLERANCE),
                        bounds.closed().map(end -> end.toEpochMilli() + Classifier.TOLERANCE),
                        bounds.order().map(order -> order.ends().toEpochMilli()))
                .flatMap(Optional::stream)
                .min(Long::compare)
                .orElse(Long.MAX_VALUE);
    }

    private static void insert(Connection connection, String table, List<List<Object>> rows) throws SQLException {
        try (DuckDBAppender appender = connection.unwrap(DuckDBConnection.class).createAppender("main", table)) {
            for (List<Object> row : rows) {
                appender.beginRow();
                for (Object value : row) {
                    switch (value) {
                        case Integer number -> appender.append(number);
                        case Long number -> appender.append(number);
                        case Boolean flag -> appender.append(flag);
                        default -> appender.append(value.toString());
                    }
                }
                appender.endRow();
            }
        }
    }
}
