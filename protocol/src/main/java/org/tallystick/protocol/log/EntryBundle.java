package org.tallystick.protocol.log;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.tallystick.protocol.codec.MalformedException;

/**
 * A file format for up to 256 consecutive log entries: before each entry its length as two bytes, big-endian (C2SP
 * tlog-tiles). Stateless, safe from any thread.
 */
public final class EntryBundle {
    /** Longest entry, in bytes: what two bytes can count. */
    public static final int MAX_ENTRY = 0xffff;

    private EntryBundle() {}

    /** The bundle of these entries. */
    public static byte[] encode(List<byte[]> entries) {
        if (entries.isEmpty() || entries.size() > TilePath.FULL) {
            throw new MalformedException("bundle/width", "a bundle has 1 to 256 entries, not " + entries.size());
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] entry : entries) {
            if (entry.length > MAX_ENTRY) {
                throw new MalformedException("bundle/entry-too-long", "an entry of " + entry.length + " bytes");
            }
            out.write(entry.length >> 8);
            out.write(entry.length);
            out.writeBytes(entry);
        }
        return out.toByteArray();
    }

    /**
     * Reads all entries of a bundle.
     *
     * @param width how many there must be
     * @throws MalformedException {@code bundle/truncated}, or {@code bundle/width} where more entries follow
     */
    public static List<byte[]> decode(byte[] bundle, int width) {
        List<byte[]> entries = decodeFirst(bundle, width);
        int used = entries.stream().mapToInt(entry -> 2 + entry.length).sum();
        if (used != bundle.length) {
            throw new MalformedException("bundle/width", "more than " + width + " entries are in the bundle");
        }
        return entries;
    }

    /**
     * Reads the first entries of a bundle that may hold more.
     *
     * @param width how many to read
     * @throws MalformedException {@code bundle/truncated}
     */
    public static List<byte[]> decodeFirst(byte[] bundle, int width) {
        List<byte[]> entries = new ArrayList<>(width);
        int at = 0;
        while (at < bundle.length && entries.size() < width) {
            int end = at + 2 > bundle.length
                    ? Integer.MAX_VALUE
                    : at + 2 + ((bundle[at] & 0xff) << 8 | (bundle[at + 1] & 0xff));
            if (end > bundle.length) {
                throw new MalformedException(
                        "bundle/truncated", "entry " + entries.size() + " of the bundle is cut off");
            }
            entries.add(Arrays.copyOfRange(bundle, at + 2, end));
            at = end;
        }
        if (entries.size() != width) {
            throw new MalformedException(
                    "bundle/truncated", entries.size() + " entries are in the bundle, not " + width);
        }
        return entries;
    }
}
