package org.tallystick.platform.db;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * The tables the log cannot give back: those named {@code personal_*}, in whatever room. Written as JSON, one row a line,
 * one file a table, readable by its owner only. Stateless.
 */
public final class PersonalTables {
    private static final String SUFFIX = ".jsonl";

    private PersonalTables() {}

    private static List<String> tables(Handle tx) {
        return tx.select("select quote_ident(table_schema) || '.' || quote_ident(table_name)"
                        + " from information_schema.tables where table_name like 'personal\\_%' order by 1")
                .mapTo(String.class)
                .list();
    }

    /**
     * Writes every row of every such table.
     *
     * @param folder an existing folder
     * @return how many rows
     */
    public static long write(Handle tx, Path folder) {
        long rows = 0;
        for (String table : tables(tx)) {
            List<String> lines = tx.select("select row_to_json(t)::text from " + table + " t order by 1")
                    .mapTo(String.class)
                    .list();
            write(folder.resolve(table + SUFFIX), lines);
            rows += lines.size();
        }
        return rows;
    }

    private static void write(Path file, List<String> lines) {
        try {
            Files.deleteIfExists(file);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try (BufferedWriter out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
                for (String line : lines) {
                    out.write(line);
                    out.write('\n');
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Puts the rows back; a row that is there already stays as it is.
     *
     * @param folder what {@link #write} has filled
     * @return how many rows were read
     */
    public static long read(Handle tx, Path folder) {
        long rows = 0;
        for (String table : tables(tx)) {
            Path file = folder.resolve(table + SUFFIX);
            if (Files.exists(file)) {
                for (String line : lines(file)) {
                    tx.execute(
                            "insert into " + table + " select * from json_populate_record(null::" + table
                                    + ", ?::json) on conflict do nothing",
                            line);
                    rows++;
                }
            }
        }
        return rows;
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
