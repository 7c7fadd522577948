package org.tallystick.platform.db;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A database without a table on the shared test server, as an operator hands it out: an address, a user, a password.
 *
 * @param url of the database
 * @param user may do everything in it
 */
public record EmptyDatabase(String url, String user, String password) {
    private static final AtomicInteger NEXT = new AtomicInteger();
    private static final String USER = "tallystick";

    /** Another one. */
    public static EmptyDatabase create() throws IOException, SQLException {
        String name = "empty_" + NEXT.incrementAndGet();
        try (Database server = TestDatabase.fresh()) {
            int port = server.read(tx ->
                    tx.select("select inet_server_port()").mapTo(int.class).one());
            String data = server.read(
                    tx -> tx.select("show data_directory").mapTo(String.class).one());
            Path password = Objects.requireNonNull(Path.of(data).getParent()).resolve("password");
            String secret = Files.readString(password).strip();
            String address = "jdbc:postgresql://127.0.0.1:" + port + "/";
            try (Connection connection = DriverManager.getConnection(address + "postgres", USER, secret);
                    Statement statement = connection.createStatement()) {
                statement.execute("drop database if exists " + name + " with (force)");
                statement.execute("create database " + name);
            }
            return new EmptyDatabase(address + name, USER, secret);
        }
    }
}
