package org.tallystick.platform.db;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Transactions on a shared test server. */
class DatabaseTest {
    private static final Database DB = TestDatabase.fresh();

    @Test
    void aWriteIsCommittedAndRead() {
        DB.write(handle -> handle.execute("create table t (n int)"));
        DB.write(handle -> handle.execute("insert into t values (1)"));
        assertThat(DB.<Integer>read(
                        h -> h.select("select n from t").mapTo(Integer.class).one()))
                .isEqualTo(1);
    }
}
