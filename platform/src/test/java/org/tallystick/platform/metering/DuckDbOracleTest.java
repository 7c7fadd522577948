package org.tallystick.platform.metering;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.junit.jupiter.api.Test;
import org.tallystick.protocol.Grant;
import org.tallystick.protocol.Leaf;
import org.tallystick.protocol.Seeds;

/** The same answer as an engine of others gives to the question as one would ask it: COUNT(DISTINCT) over rows. */
class DuckDbOracleTest {
    private static final String QUESTION = """
            select g.contract, g.job, g.scope, count(distinct l.content) as uses
            from (select distinct * from leaf) l
            join granted g on g.token = l.token and g.scope = l.scope and l.time >= g.nbf and l.time < g.exp
            join member m on m.dataset = g.dataset and m.content = l.content
            where l.kind in ('FULL', 'PARTIAL', 'NOT_MODIFIED') and l.scope <> 'PREVIEW'
              and not exists (select 1 from leaf v where v.kind = 'VOID'
                and v.edge = l.edge and v.epoch = l.epoch and v.voids = l.sequence)
            group by all
            """;

    @Test
    void setsHaveTheCardinalityThatDuckDbCounts() {
        Seeds.check(1, random -> {
            RandomDeliveries deliveries = new RandomDeliveries(random, 300, 4, 4_000);
            MemoryLog log = deliveries.logOf(deliveries.scattered());
            log.foldAfresh();
            Map<String, Integer> counted = new TreeMap<>();
            log.members().forEach((UsageKey key, Set<Integer> works) -> counted.put(key.toString(), works.size()));
            assertThat(counted).isNotEmpty().isEqualTo(answer(deliveries));
        });
    }

    private static Map<String, Integer> answer(RandomDeliveries deliveries) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            statement.execute("create table leaf (edge int, epoch int, sequence bigint, kind text, scope text,"
                    + " time bigint, token text, content text, voids bigint)");
            statement.execute("create table granted (token text, contract text, job text, scope text, nbf bigint,"
                    + " exp bigint, dataset text)");
            statement.execute("create table member (dataset text, content text)");
            fill(connection, deliveries);
            Map<String, Integer> counted = new TreeMap<>();
            try (ResultSet rows = statement.executeQuery(QUESTION)) {
                while (rows.next()) {
                    String scope = rows.getString("scope").toLowerCase(java.util.Locale.ROOT);
                    counted.put(
                            rows.getString("contract") + "/" + rows.getString("job") + "/" + scope,
                            rows.getInt("uses"));
                }
            }
            return counted;
        }
    }

    private static void fill(Connection connection, RandomDeliveries deliveries) throws SQLException {
        List<List<Object>> leaves = new ArrayList<>();
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
                    leaf.voids());
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
                    grant.dataset().hex()));
        }
        insert(connection, "granted", granted);
        List<List<Object>> members = new ArrayList<>();
        deliveries.datasets.forEach((root, contents) ->
                contents.forEach(content -> members.add(List.of(root.hex(), "sha256:" + content.hex()))));
        insert(connection, "member", members);
    }

    private static void insert(Connection connection, String table, List<List<Object>> rows) throws SQLException {
        try (DuckDBAppender appender = connection.unwrap(DuckDBConnection.class).createAppender("main", table)) {
            for (List<Object> row : rows) {
                appender.beginRow();
                for (Object value : row) {
                    switch (value) {
                        case Integer number -> appender.append(number);
                        case Long number -> appender.append(number);
                        default -> appender.append(value.toString());
                    }
                }
                appender.endRow();
            }
        }
    }
}
