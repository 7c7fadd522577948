package org.tallystick.platform.db;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Collection;
import org.jdbi.v3.core.argument.Argument;

/**
 * Arrays as statement arguments, so that one statement with {@code unnest} or {@code = any(…)} does what would otherwise
 * be a thousand. Bind like any value: {@code query.bind("ids", SqlArrays.bytea(ids))}. Arrays are not copied: do not
 * change them before the statement has run.
 */
public final class SqlArrays {
    private SqlArrays() {}

    /** {@code text[]}. */
    public static Argument text(Collection<String> values) {
        return of("text", values.toArray(new String[0]));
    }

    /** {@code bytea[]}. */
    public static Argument bytea(byte[][] values) {
        return of("bytea", values);
    }

    /** {@code bigint[]}. */
    public static Argument bigint(long[] values) {
        return of("int8", Arrays.stream(values).boxed().toArray(Long[]::new));
    }

    /** {@code integer[]}. */
    public static Argument integer(int[] values) {
        return of("int4", Arrays.stream(values).boxed().toArray(Integer[]::new));
    }

    /** {@code numeric[]} of whole numbers. */
    public static Argument numeric(Collection<BigInteger> values) {
        return of("numeric", values.stream().map(BigDecimal::new).toArray(BigDecimal[]::new));
    }

    private static Argument of(String type, Object[] values) {
        return (position, statement, context) ->
                statement.setArray(position, statement.getConnection().createArrayOf(type, values));
    }
}
