package org.tallystick.platform.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.db.TestDatabase;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.party.Parties;

/** A PostgreSQL the operator runs, by settings alone: an empty database becomes the platform's and stays it. */
final class ExternalDatabaseTest {
    private static final String NAME = "of_the_operator";

    private static Database server;
    private static String url;
    private static String password;

    @TempDir
    private Path folder;

    @BeforeAll
    static void makeAnEmptyDatabase() throws Exception {
        server = TestDatabase.fresh();
        int port = server.read(
                tx -> tx.select("select inet_server_port()").mapTo(int.class).one());
        String data = server.read(
                tx -> tx.select("show data_directory").mapTo(String.class).one());
        password = Files.readString(
                        Objects.requireNonNull(Path.of(data).getParent()).resolve("password"))
                .strip();
        url = "jdbc:postgresql://127.0.0.1:" + port + "/" + NAME;
        try (Connection connection =
                        DriverManager.getConnection(url.replace(NAME, "postgres"), "tallystick", password);
                Statement statement = connection.createStatement()) {
            statement.execute("drop database if exists " + NAME + " with (force)");
            statement.execute("create database " + NAME);
        }
    }

    @AfterAll
    static void close() {
        server.close();
    }

    @Test
    void anEmptyDatabaseIsMadeReadyAndKeepsItsDataAcrossStarts() throws Exception {
        Config config = config(password);
        try (Platform platform = Platform.open(config, InstantSource.system());
                HttpClient http = HttpClient.newHttpClient()) {
            URI uri = platform.serve(config);
            HttpResponse<String> health = http.send(
                    HttpRequest.newBuilder(uri.resolve("/healthz")).build(), HttpResponse.BodyHandlers.ofString());
            assertThat(health.statusCode()).isEqualTo(200);
        }
        assertThat(folder.resolve("database")).doesNotExist();
        try (Platform platform = Platform.open(config, InstantSource.system())) {
            PartyId operator = Parties.OPERATOR;
            assertThat(platform.parties().find(operator)).isPresent();
        }
    }

    @Test
    void aWrongPasswordIsSaidAndNotShown() throws Exception {
        Config config = config("not-the-password");

        assertThatThrownBy(() -> Platform.open(config, InstantSource.system()))
                .hasMessageContaining("the database does not let us in")
                .satisfies(e -> assertThat(e.toString()).doesNotContain("not-the-password"));
    }

    private Config config(String secret) throws IOException {
        Path file = Files.writeString(folder.resolve("secret"), secret + "\n");
        Map<String, String> flags = new HashMap<>(Map.of("data", folder.toString(), "port", "0"));
        flags.put("database.url", url);
        flags.put("database.user", "tallystick");
        flags.put("database.password-file", file.toString());
        return Config.from(flags, Map.of(), Optional.empty());
    }
}
