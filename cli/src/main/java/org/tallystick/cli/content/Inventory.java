package org.tallystick.cli.content;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.ZipException;
import org.tallystick.cli.content.ContentCache.Known;
import org.tallystick.cli.shell.Progress;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Reasons;
import org.tallystick.protocol.codec.Sha256;
import org.tallystick.protocol.receipt.ContentId;

/**
 * Everything a content source holds, read once and identified. Each first-level folder is a creator; files that lie in
 * none belong to a creator named after the content. Bytes that occur twice are one work, owned by the first path in
 * order, so that the result does not depend on who read faster.
 *
 * @param creators display name (the folder's) by party id
 * @param works the distinct works in path order
 * @param files how many files were read
 * @param skipped what became no work, or another creator's, and why
 */
public record Inventory(SortedMap<String, String> creators, List<Work> works, long files, List<Skipped> skipped) {
    private static final int BUFFER = 1 << 16;

    public Inventory {
        creators = Collections.unmodifiableSortedMap(new TreeMap<>(creators));
        works = List.copyOf(works);
        skipped = List.copyOf(skipped);
    }

    /** Bytes of the distinct works. */
    public long bytes() {
        return works.stream().mapToLong(Work::bytes).sum();
    }

    /** Files whose bytes an earlier path already had. */
    public long duplicateFiles() {
        return files - works.size();
    }

    /**
     * Reads every file of a source, on as many threads as there are processors, or none where all are as they were.
     *
     * @param memory where to remember what was read
     */
    public static Inventory of(ContentSource source, ContentSource.Listing listing, Path memory, Progress progress)
            throws IOException, InterruptedException {
        List<Identified> all = identify(listing.files(), new ContentCache(memory), progress);
        List<Skipped> skipped = new ArrayList<>(listing.skipped());
        Map<String, String> ids = creatorIds(source, listing.files());
        SortedMap<String, String> creators = new TreeMap<>();
        Map<ContentId, WorkFile> first = new HashMap<>();
        List<Work> works = new ArrayList<>();
        long files = 0;
        for (Identified one : all) {
            switch (one) {
                case WasRead(WorkFile file, Known identity) -> {
                    files++;
                    Optional<WorkFile> earlier = Optional.ofNullable(first.putIfAbsent(identity.content(), file));
                    earlier.filter(other -> !other.folder().equals(file.folder()))
                            .ifPresent(other -> skipped.add(new Skipped(
                                    file.path(),
                                    "the same bytes as " + other.path()
                                            + ": one work, which earns for the creator named first")));
                    if (earlier.isEmpty()) {
                        String name = folderOf(source, file);
                        String id = Objects.requireNonNull(ids.get(file.folder()));
                        creators.put(id, name);
                        works.add(new Work(id, identity.content(), identity.bytes(), file));
                    }
                }
                case WasNotRead(WorkFile file, String reason) -> skipped.add(new Skipped(file.path(), reason));
            }
        }
        return new Inventory(creators, works, files, skipped);
    }

    private static String folderOf(ContentSource source, WorkFile file) {
        return file.folder().isEmpty() ? source.name() : file.folder();
    }

    /**
     * The party id of each folder name. Files in no folder and a folder that has the content's name belong to different
     * creators.
     */
    private static Map<String, String> creatorIds(ContentSource source, List<WorkFile> files) {
        TreeSet<String> names = new TreeSet<>();
        files.forEach(file -> names.add(file.folder()));
        boolean loose = names.remove("");
        String own = source.name();
        while (loose && names.contains(own)) {
            own += " (top level)";
        }
        if (loose) {
            names.add(own);
        }
        Map<String, String> ids = CreatorIds.of(names);
        if (loose) {
            ids.put("", Objects.requireNonNull(ids.get(own)));
        }
        return ids;
    }

    private sealed interface Identified {}

    private record WasRead(WorkFile file, Known identity) implements Identified {}

    private record WasNotRead(WorkFile file, String reason) implements Identified {}

    private static List<Identified> identify(List<WorkFile> files, ContentCache known, Progress progress)
            throws IOException, InterruptedException {
        Optional<List<Known>> recalled = known.recall(files);
        if (recalled.isPresent()) {
            progress.add(files.size());
            return IntStream.range(0, files.size())
                    .<Identified>mapToObj(
                            i -> new WasRead(files.get(i), recalled.get().get(i)))
                    .toList();
        }
        List<Identified> all = readAll(files, progress);
        List<Known> read = all.stream()
                .flatMap(one ->
                        one instanceof WasRead(WorkFile file, Known identity) ? Stream.of(identity) : Stream.of())
                .toList();
        if (read.size() == files.size()) {
            known.keep(files, read);
        }
        return all;
    }

    private static List<Identified> readAll(List<WorkFile> files, Progress progress)
            throws IOException, InterruptedException {
        try (ExecutorService readers =
                Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
            List<Future<Identified>> futures = new ArrayList<>(files.size());
            for (WorkFile file : files) {
                futures.add(readers.submit(() -> {
                    Identified identified = identify(file);
                    progress.add(1);
                    return identified;
                }));
            }
            List<Identified> all = new ArrayList<>(files.size());
            for (Future<Identified> future : futures) {
                all.add(future.get());
            }
            return all;
        } catch (ExecutionException e) {
            throw new IOException("reading the content failed: " + e.getCause(), e);
        }
    }

    private static Identified identify(WorkFile file) {
        try (InputStream in = file.bytes().open()) {
            MessageDigest digest = Sha256.newDigest();
            byte[] buffer = new byte[BUFFER];
            long bytes = 0;
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
                bytes += n;
            }
            return new WasRead(file, new Known(new ContentId(Hash.of(digest.digest())), bytes));
        } catch (ZipException e) {
            return new WasNotRead(file, "the archive's entry is damaged: " + Reasons.of(e));
        } catch (IOException e) {
            return new WasNotRead(file, FolderContent.reason(e));
        } catch (UncheckedIOException e) {
            return new WasNotRead(file, FolderContent.reason(Objects.requireNonNull(e.getCause())));
        }
    }
}
