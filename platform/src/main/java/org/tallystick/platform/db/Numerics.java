package org.tallystick.platform.db;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Whole numbers in columns of type {@code numeric}: money, which no type of fixed width holds. */
public final class Numerics {
    private Numerics() {}

    /**
     * A column's whole number.
     *
     * @throws ArithmeticException where it is none, which the column's check refuses
     */
    public static BigInteger whole(ResultSet row, String column) throws SQLException {
        BigDecimal number = row.getBigDecimal(column);
        if (number == null) {
            throw new SQLException(column + " is null");
        }
        return number.toBigIntegerExact();
    }
}
