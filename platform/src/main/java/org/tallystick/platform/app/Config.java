package org.tallystick.platform.app;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.tallystick.platform.db.DatabaseConfig;

/**
 * What an operator may set. Each setting has one name; its value comes from the command line, else the environment
 * ({@code TALLYSTICK_DATABASE_URL} for {@code database.url}), else {@value #FILE} in the data directory, else the default.
 * Unknown names are refused, so that a typing error does not silently leave a default in force.
 *
 * @param data directory of everything the platform keeps
 * @param host address the API binds to; default {@code 127.0.0.1}
 * @param port of the API, 0 for any free one; default 8080
 * @param origin name of the platform and its log, fixed at the first start; default {@code tallystick.local/log}
 * @param database embedded by default; the operator's own where {@code database.url} is set
 * @param maxUpload largest work, in bytes; default 64 GiB
 * @param certificateValidity how long an edge may use one key; default 30 days
 */
public record Config(
        Path data,
        String host,
        int port,
        String origin,
        DatabaseConfig database,
        long maxUpload,
        Duration certificateValidity) {
    /** The file of settings in the data directory. */
    public static final String FILE = "tallystick.properties";

    private static final Pattern ORIGIN = Pattern.compile("[a-z0-9][a-z0-9.:/_-]{0,126}[a-z0-9]");
    private static final Set<String> NAMES = new TreeSet<>(Set.of(
            "host",
            "port",
            "origin",
            "database.url",
            "database.user",
            "database.password",
            "upload.max-bytes",
            "edge.certificate-days"));

    public Config {
        Objects.requireNonNull(database);
        data = data.toAbsolutePath().normalize();
        if (host.isBlank()) {
            throw new IllegalArgumentException("host must not be empty");
        }
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port must be between 0 and 65535, not " + port);
        }
        if (!ORIGIN.matcher(origin).matches()) {
            throw new IllegalArgumentException(
                    "origin must be a lower-case name such as example.org/log, not " + origin);
        }
        if (maxUpload < 1) {
            throw new IllegalArgumentException("upload.max-bytes must be at least 1");
        }
        if (certificateValidity.compareTo(Duration.ofDays(1)) < 0
                || certificateValidity.compareTo(Duration.ofDays(366)) > 0) {
            throw new IllegalArgumentException("edge.certificate-days must be between 1 and 366");
        }
    }

    /** Everything at its default. */
    public static Config in(Path data) {
        return of(data, Map.of());
    }

    /**
     * Puts the settings together.
     *
     * @param flags settings given on the command line, by name
     * @param environment the process's environment; names beginning with {@code TALLYSTICK_} are looked up, never listed
     * @throws IllegalArgumentException for an unknown name or a value out of range, naming both
     */
    public static Config read(Path data, Map<String, String> flags, Map<String, String> environment) {
        Map<String, String> all = new LinkedHashMap<>(file(data.resolve(FILE)));
        for (String name : NAMES) {
            Optional.ofNullable(environment.get(variable(name))).ifPresent(value -> all.put(name, value));
        }
        all.putAll(flags);
        return of(data, all);
    }

    /** The environment variable of a setting. */
    static String variable(String name) {
        return "TALLYSTICK_"
                + name.toUpperCase(java.util.Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    private static Map<String, String> file(Path file) {
        if (!Files.exists(file)) {
            return Map.of();
        }
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
        Map<String, String> settings = new LinkedHashMap<>();
        properties.stringPropertyNames().forEach(name -> settings.put(name, properties.getProperty(name)));
        return settings;
    }

    private static Config of(Path data, Map<String, String> settings) {
        for (String name : settings.keySet()) {
            if (!NAMES.contains(name)) {
                throw new IllegalArgumentException(
                        "unknown setting " + name + "; known are " + String.join(", ", NAMES));
            }
        }
        return new Config(
                data,
                settings.getOrDefault("host", "127.0.0.1"),
                (int) number(settings, "port", 8080),
                settings.getOrDefault("origin", "tallystick.local/log"),
                database(data, settings),
                number(settings, "upload.max-bytes", 64L << 30),
                Duration.ofDays(number(settings, "edge.certificate-days", 30)));
    }

    private static DatabaseConfig database(Path data, Map<String, String> settings) {
        Optional<String> url = Optional.ofNullable(settings.get("database.url"));
        if (url.isEmpty()) {
            if (settings.containsKey("database.user") || settings.containsKey("database.password")) {
                throw new IllegalArgumentException("database.user and database.password need a database.url");
            }
            return new DatabaseConfig.Embedded(data.toAbsolutePath().normalize().resolve("db"));
        }
        return new DatabaseConfig.External(
                url.get(),
                settings.getOrDefault("database.user", "tallystick"),
                settings.getOrDefault("database.password", ""));
    }

    private static long number(Map<String, String> settings, String name, long otherwise) {
        Optional<String> text = Optional.ofNullable(settings.get(name));
        if (text.isEmpty()) {
            return otherwise;
        }
        try {
            long value = Long.parseLong(text.get().strip());
            if (value >= 0 && (!name.equals("port") || value <= 65_535)) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " must be a whole number, not " + text.get(), e);
        }
        throw new IllegalArgumentException(name + " is out of range: " + text.get());
    }
}
