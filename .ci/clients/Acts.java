import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The acts of the table, for the Java clients that differ only in how they send a request. */
abstract class Acts {
    private static final byte[] NOTHING = {};

    /** What was answered. */
    record Answer(int status, Function<String, String> header, byte[] body) {}

    /** One act; throws where it does not succeed. */
    interface Act {
        void run() throws Exception;
    }

    private String task = "";

    abstract Answer send(String method, String url, byte[] body, String... fields) throws Exception;

    void run(Path dir) throws Exception {
        task = Files.readString(dir.resolve("task.json"));
        int length = Integer.parseInt(value("length"));
        int half = length / 2;
        act("whole", () -> right(get("GET", value("work")).body()));
        act("range", () -> {
            Answer answer = get("GET", value("work"), "Range", "bytes=100-199");
            equal(answer.status() + " " + answer.body().length, "206 100");
        });
        act("resume", () -> {
            Answer first = get("GET", value("work"), "Range", "bytes=0-" + (half - 1));
            String tag = first.header().apply("ETag");
            byte[] rest = get("GET", value("work"), "Range", "bytes=" + half + "-", "If-Range", tag)
                    .body();
            byte[] all = Arrays.copyOf(first.body(), half + rest.length);
            System.arraycopy(rest, 0, all, half, rest.length);
            right(all);
        });
        act("conditional", () -> {
            String tag = get("HEAD", value("work")).header().apply("ETag");
            equal(get("GET", value("work"), "If-None-Match", tag).status(), 304);
        });
        act("HEAD", () -> equal(get("HEAD", value("work")).header().apply("Content-Length"), length));
        act("empty", () -> {
            Answer answer = get("GET", value("empty"), "Range", "bytes=0-");
            equal(answer.status() + " " + answer.body().length, "200 0");
        });
        act("upload", () -> {
            byte[] content = Files.readAllBytes(Path.of(value("upload")));
            Answer answer = send(
                    "POST",
                    value("uploads"),
                    content,
                    "Authorization",
                    "Bearer " + value("api_key"),
                    "Tallystick-Manifest",
                    value("manifest"));
            equal(answer.status(), 201);
        });
    }

    private Answer get(String method, String url, String... fields) throws Exception {
        String[] all = Arrays.copyOf(fields, fields.length + 2);
        all[fields.length] = "Authorization";
        all[fields.length + 1] = "Bearer " + value("token");
        return send(method, url, NOTHING, all);
    }

    private String value(String name) {
        Matcher found = Pattern.compile("\"" + name + "\":\"?([^\",}]*)").matcher(task);
        if (!found.find()) {
            throw new IllegalStateException("the task says no " + name);
        }
        return found.group(1);
    }

    private void right(byte[] content) throws Exception {
        equal(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content)), value("sha256"));
    }

    private static void equal(Object found, Object wanted) {
        if (!String.valueOf(found).equals(String.valueOf(wanted))) {
            throw new IllegalStateException(found + " where " + wanted + " is right");
        }
    }

    private static void act(String name, Act act) {
        try {
            act.run();
            System.out.println(name + " yes");
        } catch (Exception e) {
            System.out.println(name + " FAILED " + String.valueOf(e).replace('\n', ' '));
        }
    }
}
