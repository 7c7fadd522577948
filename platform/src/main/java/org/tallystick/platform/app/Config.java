package org.tallystick.platform.app;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tallystick.platform.db.DatabaseConfig;

/**
 * Everything about a platform that can be set, typed and checked. Settings come from flags, then the environment ({@code
 * TALLYSTICK_PLATFORM_DATABASE_URL} sets {@code database.url}), then a properties file, the first that has one winning;
 * what is set nowhere has the default named here. A name nobody knows is refused, because a mistyped setting would
 * otherwise be the default in silence.
 *
 * @param data directory of everything the platform keeps ({@code data}; no default)
 * @param host address to listen on ({@code host}; {@code 127.0.0.1})
 * @param port of the API, 0 for any free one ({@code port}; 8080)
 * @param origin the log's name ({@code origin}; {@code tallystick.local/log}); never to be changed for a data directory
 * @param database our own server in the data directory, or another ({@code database.url}, {@code database.user}, {@code
 *     database.password-file})
 * @param certificateValidity how long an edge may use one key ({@code edge.certificate-validity}; 30d)
 * @param largestWork most bytes of a work ({@code upload.max-size}; 64GiB)
 * @param uploadLifetime how long an unfinished upload is kept ({@code upload.lifetime}; 1d)
 */
public record Config(
        Path data,
        String host,
        int port,
        String origin,
        DatabaseConfig database,
        Duration certificateValidity,
        long largestWork,
        Duration uploadLifetime) {
    /** What names of environment variables begin with. */
    public static final String ENVIRONMENT = "TALLYSTICK_PLATFORM_";

    private static final String DATA = "data";
    private static final String DATABASE_URL = "database.url";
    private static final String DATABASE_USER = "database.user";
    private static final String DATABASE_PASSWORD_FILE = "database.password-file";
    private static final Map<String, String> DEFAULTS = defaults();
    private static final Set<String> WITHOUT_DEFAULT =
            Set.of(DATA, DATABASE_URL, DATABASE_USER, DATABASE_PASSWORD_FILE);

    public Config {
        data = data.toAbsolutePath().normalize();
        if (host.isBlank()) {
            throw new ConfigException("host is empty");
        }
        if (origin.isBlank() || origin.contains("+") || !origin.equals(origin.strip()) || origin.length() > 128) {
            throw new ConfigException("origin is a name like tallystick.example/log, not '" + origin + "'");
        }
        if (certificateValidity.compareTo(Duration.ofMinutes(1)) < 0) {
            throw new ConfigException("edge.certificate-validity is at least 1m");
        }
        if (largestWork < 1 || uploadLifetime.isZero()) {
            throw new ConfigException("upload.max-size and upload.lifetime are positive");
        }
    }

    private static Map<String, String> defaults() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("host", "127.0.0.1");
        all.put("port", "8080");
        all.put("origin", "tallystick.local/log");
        all.put("edge.certificate-validity", "30d");
        all.put("upload.max-size", "64GiB");
        all.put("upload.lifetime", "1d");
        return all;
    }

    /** Every name that can be set, sorted. */
    public static Set<String> names() {
        Set<String> names = new TreeSet<>(DEFAULTS.keySet());
        names.addAll(WITHOUT_DEFAULT);
        return names;
    }

    /**
     * Puts a configuration together.
     *
     * @param flags by name
     * @param environment of the process
     * @param file properties in UTF-8
     * @throws ConfigException with what is wrong
     * @throws UncheckedIOException if a file cannot be read
     */
    public static Config from(Map<String, String> flags, Map<String, String> environment, Optional<Path> file) {
        Map<String, String> all = new TreeMap<>(DEFAULTS);
        file.ifPresent(path -> add(all, properties(path), "file " + path));
        add(all, ofEnvironment(environment), "environment");
        add(all, flags, "flags");
        String data = Optional.ofNullable(all.get(DATA))
                .orElseThrow(() -> new ConfigException("data is not set: the directory to keep everything in"));
        return new Config(
                Path.of(data),
                value(all, "host"),
                Units.port("port", value(all, "port")),
                value(all, "origin"),
                database(all, Path.of(data)),
                Units.duration("edge.certificate-validity", value(all, "edge.certificate-validity")),
                Units.bytes("upload.max-size", value(all, "upload.max-size")),
                Units.duration("upload.lifetime", value(all, "upload.lifetime")));
    }

    private static void add(Map<String, String> all, Map<String, String> more, String where) {
        Set<String> known = names();
        more.forEach((name, value) -> {
            if (!known.contains(name)) {
                throw new ConfigException("unknown setting " + name + " (" + where + "); known are " + known);
            }
            all.put(name, value.strip());
        });
    }

    private static Map<String, String> ofEnvironment(Map<String, String> environment) {
        Map<String, String> byVariable = new TreeMap<>();
        names().forEach(name -> byVariable.put(variable(name), name));
        Map<String, String> found = new TreeMap<>();
        environment.forEach((variable, value) -> {
            if (variable.startsWith(ENVIRONMENT)) {
                found.put(byVariable.getOrDefault(variable, variable), value);
            }
        });
        return found;
    }

    /** The environment variable that sets a name. */
    static String variable(String name) {
        return ENVIRONMENT + name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    private static Map<String, String> properties(Path file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException("the settings in " + file + " cannot be read", e);
        }
        Map<String, String> found = new TreeMap<>();
        properties.stringPropertyNames().forEach(name -> found.put(name, properties.getProperty(name)));
        return found;
    }

    private static DatabaseConfig database(Map<String, String> all, Path data) {
        boolean external = all.containsKey(DATABASE_URL);
        if (!external) {
            if (all.containsKey(DATABASE_USER) || all.containsKey(DATABASE_PASSWORD_FILE)) {
                throw new ConfigException(DATABASE_USER + " and " + DATABASE_PASSWORD_FILE + " need " + DATABASE_URL);
            }
            return new DatabaseConfig.Embedded(data.resolve("database"));
        }
        Path passwordFile = Path.of(value(all, DATABASE_PASSWORD_FILE));
        try {
            return new DatabaseConfig.External(
                    value(all, DATABASE_URL),
                    value(all, DATABASE_USER),
                    Files.readString(passwordFile).strip());
        } catch (IOException e) {
            throw new UncheckedIOException("the password in " + passwordFile + " cannot be read", e);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(DATABASE_URL + " must begin with jdbc:postgresql:");
        }
    }

    private static String value(Map<String, String> all, String name) {
        return Optional.ofNullable(all.get(name)).orElseThrow(() -> new ConfigException(name + " is not set"));
    }
}
