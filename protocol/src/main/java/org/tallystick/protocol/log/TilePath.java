package org.tallystick.protocol.log;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tallystick.protocol.codec.MalformedException;

/**
 * The name of one tile of a log (C2SP tlog-tiles): 256 consecutive hashes of one level, or the entries below a tile of
 * level 0. The text form is at once the path of a URL and of a file.
 *
 * @param level 0 to 63, or {@link #ENTRIES}
 * @param index of the tile in its level, from 0
 * @param width hashes or entries in it, 1 to {@value #FULL}; less than {@value #FULL} is a partial tile
 */
public record TilePath(int level, long index, int width) {
    /** Hashes in a full tile. */
    public static final int FULL = 256;

    /** The level of entry bundles. */
    public static final int ENTRIES = -1;

    private static final int BITS = 8;
    private static final int MAX_LEVEL = 63;
    private static final Pattern FORM =
            Pattern.compile("tile/(entries|[0-9]{1,2})/((?:x[0-9]{3}/){0,6}[0-9]{3})(?:\\.p/([0-9]{1,3}))?");

    public TilePath {
        if (level < ENTRIES || level > MAX_LEVEL) {
            throw new MalformedException("tile/level", "levels are 0 to 63, not " + level);
        }
        if (index < 0) {
            throw new MalformedException("tile/index", "a tile's index is not negative");
        }
        if (width < 1 || width > FULL) {
            throw new MalformedException("tile/width", "a tile is 1 to 256 wide, not " + width);
        }
    }

    /** Hashes of a level in a tree of that size (entries at {@link #ENTRIES} and level 0). */
    public static long hashesAt(int level, long size) {
        int shift = BITS * Math.max(level, 0);
        return shift > 62 ? 0 : size >> shift;
    }

    /** The levels of tiles a tree of that size has. */
    public static int levels(long size) {
        int levels = 0;
        while (hashesAt(levels, size) > 0) {
            levels++;
        }
        return levels;
    }

    /**
     * The tiles of one level that hold its hashes {@code from} to {@code to} (exclusive) in a tree in which the level
     * has {@code to} hashes: all full but perhaps the last.
     */
    public static List<TilePath> covering(int level, long from, long to) {
        List<TilePath> tiles = new ArrayList<>();
        for (long n = from / FULL; n * FULL < to; n++) {
            tiles.add(new TilePath(level, n, (int) Math.min(FULL, to - n * FULL)));
        }
        return tiles;
    }

    /**
     * Reads the text form.
     *
     * @throws MalformedException {@code tile/path}, or {@code tile/level}, {@code tile/index}, {@code tile/width}
     */
    public static TilePath parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new MalformedException("tile/path", "not the path of a tile");
        }
        String level = matcher.group(1);
        String width = matcher.group(3);
        long index;
        try {
            index = Long.parseLong(matcher.group(2).replaceAll("[x/]", ""));
        } catch (NumberFormatException e) {
            throw new MalformedException("tile/index", "the tile's index is too large");
        }
        TilePath path = new TilePath(
                level.equals("entries") ? ENTRIES : Integer.parseInt(level),
                index,
                width == null ? FULL : Integer.parseInt(width));
        if (!path.toString().equals(text)) {
            throw new MalformedException("tile/path", "the path of that tile is " + path);
        }
        return path;
    }

    /** Whether the tile can grow no more. */
    public boolean isFull() {
        return width == FULL;
    }

    /** The full tile in the same place. */
    public TilePath full() {
        return new TilePath(level, index, FULL);
    }

    /** The tile in the same place with another width. */
    public TilePath widened(int newWidth) {
        return new TilePath(level, index, newWidth);
    }

    /** The text form, for example {@code tile/0/x001/x234/067.p/8}. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder(group(index % 1000));
        for (long rest = index / 1000; rest > 0; rest /= 1000) {
            out.insert(0, "x" + group(rest % 1000) + "/");
        }
        out.insert(0, "tile/" + (level == ENTRIES ? "entries" : String.valueOf(level)) + "/");
        return isFull() ? out.toString() : out.append(".p/").append(width).toString();
    }

    private static String group(long digits) {
        return String.format(Locale.ROOT, "%03d", digits);
    }
}
