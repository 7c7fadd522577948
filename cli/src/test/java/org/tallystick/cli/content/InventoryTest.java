package org.tallystick.cli.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.cli.shell.Terminal;
import org.tallystick.protocol.receipt.ContentId;

/** Real folders and archives, tidy and otherwise, become creators and works. */
final class InventoryTest {
    @TempDir
    private Path root;

    @TempDir
    private Path beside;

    private void file(String path, String content) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private Inventory read(Path content) throws IOException, InterruptedException {
        try (ContentSource source = ContentSource.open(Optional.of(content))) {
            return read(source, source.list());
        }
    }

    private Inventory read(ContentSource source, ContentSource.Listing listing)
            throws IOException, InterruptedException {
        Terminal quiet = new Terminal(
                OutputStream.nullOutputStream(), OutputStream.nullOutputStream(), false, InstantSource.system());
        return Inventory.of(source, listing, beside.resolve("memory"), quiet.progress("read", 0, "files"));
    }

    @Test
    void eachFirstLevelFolderIsACreatorAndEachFileBelowItAWork() throws Exception {
        file("anna/songs/one.txt", "one");
        file("anna/two.txt", "two");
        file("bert/three.bin", "three");
        file("loose.txt", "loose");
        Inventory inventory = read(root);
        assertThat(inventory.works())
                .extracting(work -> work.creator() + " " + work.file().path())
                .containsExactly(
                        "creator:anna anna/songs/one.txt",
                        "creator:anna anna/two.txt",
                        "creator:bert bert/three.bin",
                        "creator:" + root.getFileName() + " loose.txt");
        assertThat(inventory.creators()).containsEntry("creator:anna", "anna").containsEntry("creator:bert", "bert");
        assertThat(inventory.works().getFirst().content())
                .isEqualTo(ContentId.of("one".getBytes(StandardCharsets.UTF_8)));
        assertThat(inventory.bytes()).isEqualTo(16);
        assertThat(inventory.files()).isEqualTo(4);
        assertThat(inventory.duplicateFiles()).isZero();
    }

    @Test
    void theSameBytesBelongToTheFirstPathInOrder() throws Exception {
        file("b/copy.txt", "same");
        file("a/z/original.txt", "same");
        file("c/empty", "");
        file("a/empty", "");
        Inventory inventory = read(root);
        assertThat(inventory.works())
                .extracting(work -> work.file().path())
                .containsExactly("a/empty", "a/z/original.txt");
        assertThat(inventory.files()).isEqualTo(4);
        assertThat(inventory.duplicateFiles()).isEqualTo(2);
        assertThat(inventory.skipped())
                .as("whose file earns nothing because another's came first is named")
                .allMatch(skipped -> skipped.reason().startsWith("the same bytes as "));
        assertThat(inventory.creators()).as("who owns nothing is no creator").containsOnlyKeys("creator:a");
    }

    @Test
    void linksAreNotFollowedAndOddThingsAreNamed() throws Exception {
        file("a/real.txt", "real");
        Files.createSymbolicLink(root.resolve("a/link.txt"), root.resolve("a/real.txt"));
        Files.createSymbolicLink(root.resolve("loop"), root);
        new ProcessBuilder("mkfifo", root.resolve("a/pipe").toString()).start().waitFor();
        Inventory inventory = read(root);
        assertThat(inventory.works()).hasSize(1);
        assertThat(inventory.skipped())
                .contains(
                        new Skipped("a/link.txt", "a symbolic link is not followed"),
                        new Skipped("loop", "a symbolic link is not followed"));
        assertThat(inventory.skipped())
                .filteredOn(skipped -> skipped.path().equals("a/pipe"))
                .allMatch(skipped -> skipped.reason().equals("not a regular file"));
    }

    @Test
    void aFileThatCannotBeReadIsNamedAndTheRestGoesOn() throws Exception {
        WorkFile good = new WorkFile("a", "a/good", "", () -> InputStream.nullInputStream());
        WorkFile bad = new WorkFile("a", "a/bad", "", () -> {
            throw new IOException("the disk says no");
        });
        try (ContentSource source = ContentSource.open(Optional.of(root))) {
            ContentSource.Listing listing = new ContentSource.Listing(List.of(bad, good), List.of());
            Inventory inventory = read(source, listing);
            assertThat(inventory.works())
                    .singleElement()
                    .satisfies(w -> assertThat(w.file()).isEqualTo(good));
            assertThat(inventory.skipped()).containsExactly(new Skipped("a/bad", "the disk says no"));
            assertThat(read(source, listing).skipped())
                    .as("what could not be read is tried again")
                    .hasSize(1);
        }
    }

    @Test
    void whatHasNotChangedIsNotReadAgain() throws Exception {
        file("a/one", "one");
        file("b/two", "two");
        Inventory first = read(root);
        try (ContentSource source = ContentSource.open(Optional.of(root))) {
            ContentSource.Listing unreadable = new ContentSource.Listing(
                    source.list().files().stream()
                            .map(file -> new WorkFile(file.folder(), file.path(), file.stamp(), () -> {
                                throw new IOException("read again");
                            }))
                            .toList(),
                    List.of());
            Inventory again = read(source, unreadable);
            assertThat(again.skipped()).isEmpty();
            assertThat(again.creators()).isEqualTo(first.creators());
            assertThat(identities(again)).isEqualTo(identities(first));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"longer", "sameLength", "added", "lost", "renamed", "memoryCut", "memoryRotten", "memoryText"})
    void whatHasChangedIsReadAgain(String change) throws Exception {
        file("a/one", "one");
        file("b/two", "two");
        read(root);
        Path memory = beside.resolve("memory");
        byte[] kept = Files.readAllBytes(memory);
        switch (change) {
            case "longer" -> file("a/one", "longer");
            case "sameLength" -> {
                file("a/one", "eno");
                Files.setLastModifiedTime(root.resolve("a/one"), FileTime.from(Instant.EPOCH));
            }
            case "added" -> file("a/zero", "zero");
            case "lost" -> Files.delete(root.resolve("a/one"));
            case "renamed" -> Files.move(root.resolve("a/one"), root.resolve("a/uno"));
            case "memoryCut" -> Files.write(memory, Arrays.copyOf(kept, kept.length / 2));
            case "memoryRotten" -> {
                kept[kept.length - 10] ^= 1;
                Files.write(memory, kept);
            }
            default -> Files.write(memory, new byte[] {-1, -2, 10, 0});
        }
        List<String> remembered = identities(read(root));
        Files.delete(memory);
        assertThat(remembered).isEqualTo(identities(read(root)));
    }

    @Test
    void anArchiveThatHasNotChangedIsNotReadAgain() throws Exception {
        Path zip = root.resolve("box.zip");
        Files.write(zip, zipped("a/one", "one"));
        List<String> first = identities(read(zip));
        FileTime written = Files.getLastModifiedTime(beside.resolve("memory"));
        assertThat(identities(read(zip))).isEqualTo(first);
        assertThat(Files.getLastModifiedTime(beside.resolve("memory"))).isEqualTo(written);
        Files.write(zip, zipped("a/one", "two"));
        assertThat(identities(read(zip))).isNotEqualTo(first);
    }

    private static List<String> identities(Inventory inventory) {
        return inventory.works().stream()
                .map(work -> work.file().path() + " " + work.content() + " " + work.bytes())
                .toList();
    }

    @Test
    void oddNamesStayDistinctAndReadable() throws Exception {
        file("Ünïcode & co/ä ö.txt", "1");
        file("tab\tand\nline/x", "2");
        file("-- --/x", "3");
        file(".hidden/x", "4");
        Inventory inventory = read(root);
        assertThat(inventory.creators().keySet())
                .hasSize(4)
                .contains("creator:.hidden")
                .allMatch(id -> id.matches("[A-Za-z0-9][A-Za-z0-9:._-]{0,63}"));
        assertThat(inventory.works())
                .extracting(work -> work.file().path())
                .contains("Ünïcode & co/ä ö.txt", "tab%09and%0Aline/x");
    }

    @Test
    void namesThatAreNoTextStillOpen() throws Exception {
        Path script = root.resolve("make.sh");
        Files.writeString(script, "mkdir -p \"$1/raw\" && printf x > \"$1/raw/$(printf 'a\\377b')\"");
        int made = new ProcessBuilder("sh", script.toString(), root.toString())
                .start()
                .waitFor();
        Files.delete(script);
        org.junit.jupiter.api.Assumptions.assumeTrue(made == 0, "this file system takes only UTF-8 names");
        Inventory inventory = read(root);
        assertThat(inventory.skipped()).isEmpty();
        assertThat(inventory.works()).extracting(work -> work.file().path()).containsExactly("raw/a%FFb");
    }

    @Test
    void anArchiveReadsLikeTheFolderItHolds() throws Exception {
        Path zip = root.resolve("Box.ZIP");
        Files.write(zip, zipped("b/two", "two", "a/one", "one", "/lead//./x", "x", "top", "top", "a/dup", "one"));
        Inventory inventory = read(zip);
        assertThat(inventory.works())
                .extracting(work -> work.creator() + " " + work.file().path())
                .containsExactly("creator:a a/dup", "creator:b b/two", "creator:lead lead/x", "creator:Box top");
        try (InputStream in = inventory.works().get(1).file().bytes().open()) {
            assertThat(in).as("the archive is closed by now").isNotNull();
        } catch (IllegalStateException e) {
            assertThat(e).hasMessageContaining("zip file closed");
        }
    }

    @Test
    void whatIsNeitherFolderNorArchiveIsRefusedByName() throws Exception {
        file("note.txt", "not an archive");
        assertThatThrownBy(() -> read(root.resolve("note.txt")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("note.txt is neither a folder nor a ZIP");
        assertThatThrownBy(() -> read(root.resolve("absent")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("there is no file or folder");
    }

    @Test
    void withoutContentTheJdkIsTheContent() throws Exception {
        try (ContentSource source = ContentSource.open(Optional.empty())) {
            ContentSource.Listing listing = source.list();
            assertThat(listing.files()).hasSizeGreaterThan(5_000);
            assertThat(listing.files()).extracting(WorkFile::folder).contains("java.base", "java.sql");
            assertThat(listing.skipped()).isEmpty();
        }
    }

    private static byte[] zipped(String... namesAndContents) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (int i = 0; i < namesAndContents.length; i += 2) {
                zip.putNextEntry(new ZipEntry(namesAndContents[i]));
                zip.write(namesAndContents[i + 1].getBytes(StandardCharsets.UTF_8));
            }
        }
        return bytes.toByteArray();
    }
}
