package org.tallystick.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.tallystick.cli.shell.CommandFailure;
import org.tallystick.cli.shell.Terminal;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Reasons;
import org.tallystick.protocol.terms.ContractDocument;

/** Reads and writes contract files. Never overwrites a file unless the option for it is given. */
final class ContractFiles {
    private ContractFiles() {}

    /**
     * The document of a file.
     *
     * @throws MalformedException if it is no contract
     */
    static ContractDocument contract(Path file) {
        return ContractDocument.parse(read(file));
    }

    static Json.Obj object(Path file) {
        return Json.parseObject(read(file));
    }

    static byte[] read(Path file) {
        try {
            if (Files.size(file) > ContractDocument.MAX_BYTES) {
                throw new MalformedException("contract/oversized", "the file has " + Files.size(file) + " bytes");
            }
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw CommandFailure.usage("there is no file " + file, "");
        } catch (IOException e) {
            throw CommandFailure.unavailable("the file " + file + " cannot be read: " + Reasons.of(e), "", e);
        }
    }

    /** Writes to the file {@code --out} names, or to standard output. */
    static void write(Arguments arguments, Terminal terminal, String text) {
        if (arguments.path("--out").isEmpty()) {
            text.lines().forEach(terminal::line);
            return;
        }
        Path file = arguments.path("--out").get();
        try {
            if (arguments.has("--force")) {
                Files.writeString(file, text);
            } else {
                Files.writeString(file, text, StandardCharsets.UTF_8, StandardOpenOption.CREATE_NEW);
            }
            terminal.note("written: " + file);
        } catch (FileAlreadyExistsException e) {
            throw CommandFailure.usage(file + " exists already", "add --force to write over it");
        } catch (IOException e) {
            throw CommandFailure.unavailable(file + " cannot be written: " + Reasons.of(e), "", e);
        }
    }

    /** JSON with line breaks and two spaces of indentation a level. */
    static String pretty(Json json) {
        StringBuilder out = new StringBuilder();
        pretty(json, "", out);
        return out.append('\n').toString();
    }

    private static void pretty(Json json, String indent, StringBuilder out) {
        String deeper = indent + "  ";
        switch (json) {
            case Json.Obj object
            when !object.members().isEmpty() -> {
                String separator = "{\n";
                for (var member : object.members().entrySet()) {
                    out.append(separator)
                            .append(deeper)
                            .append(Json.of(member.getKey()))
                            .append(": ");
                    pretty(member.getValue(), deeper, out);
                    separator = ",\n";
                }
                out.append('\n').append(indent).append('}');
            }
            case Json.Arr array
            when array.items().stream().anyMatch(item -> item instanceof Json.Obj) -> {
                String separator = "[\n";
                for (Json item : array.items()) {
                    out.append(separator).append(deeper);
                    pretty(item, deeper, out);
                    separator = ",\n";
                }
                out.append('\n').append(indent).append(']');
            }
            default -> out.append(json);
        }
    }
}
