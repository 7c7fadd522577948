package org.tallystick.protocol.codec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The golden vectors under {@code vectors/}, shared with every SDK. {@code -Dtallystick.vectors=write} writes what the
 * code makes today instead of comparing; the difference is then reviewed as part of the change.
 */
public final class Vectors {
    private Vectors() {}

    /** The cases of one file. */
    public static List<Fields> cases(String name) {
        try {
            return Fields.of(Json.parse(Files.readAllBytes(file(name))), name).objects("cases");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Compares what the code makes today with the file, or writes it. */
    public static void matches(String name, String about, List<? extends Json> cases) {
        Json.Obj made = Json.object()
                .put("about", about)
                .put("cases", Json.array(cases))
                .build();
        try {
            if ("write".equals(System.getProperty("tallystick.vectors"))) {
                Files.createDirectories(file(name).getParent());
                Files.writeString(file(name), pretty(made));
                return;
            }
            if (!Files.readString(file(name)).equals(pretty(made))) {
                throw new AssertionError("vectors/" + name + " differs from what the code makes today;"
                        + " write it with -Dtallystick.vectors=write and review the difference");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path file(String name) {
        return Path.of(System.getProperty("tallystick.root", ".."), "vectors", name);
    }

    /** One case a line, each canonical, so that a difference reads well. */
    private static String pretty(Json.Obj made) {
        List<String> lines = new ArrayList<>();
        for (Json item : Fields.of(made, "vectors").array("cases")) {
            lines.add("    " + Jcs.text(item));
        }
        return "{\n  \"about\": " + Jcs.text(Fields.of(made, "vectors").required("about")) + ",\n  \"cases\": [\n"
                + String.join(",\n", lines) + "\n  ]\n}\n";
    }
}
