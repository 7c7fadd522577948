package org.tallystick.platform.api.dispatch;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;

/**
 * Writes an object with long lists as canonical JSON, item by item, so that no more than one item is in memory, however long
 * they are.
 */
final class JsonList implements Answer.Writer {
    private static final int BUFFER = 1 << 16;

    private final Json.Obj others;
    private final Map<String, Answer.Items> lists;

    /**
     * @param others the members beside the lists, with names of ASCII letters alone
     * @param lists by the names of their members
     */
    JsonList(Json.Obj others, Map<String, Answer.Items> lists) {
        this.others = others;
        this.lists = Map.copyOf(lists);
    }

    @Override
    public void write(OutputStream out) throws IOException {
        BufferedOutputStream buffered = new BufferedOutputStream(out, BUFFER);
        Map<String, Json> sorted = new TreeMap<>(others.members());
        lists.keySet().forEach(list -> sorted.put(list, Json.NULL));
        char before = '{';
        for (Map.Entry<String, Json> member : sorted.entrySet()) {
            buffered.write(before);
            buffered.write(Jcs.bytes(Json.of(member.getKey())));
            buffered.write(':');
            Answer.Items items = lists.get(member.getKey());
            if (items != null) {
                write(items, buffered);
            } else {
                buffered.write(Jcs.bytes(member.getValue()));
            }
            before = ',';
        }
        buffered.write('}');
        buffered.flush();
    }

    private static void write(Answer.Items items, OutputStream out) throws IOException {
        out.write('[');
        items.each(new Each(out));
        out.write(']');
    }

    /** Writes each item; a failure of the network ends the list with the first item that cannot be written. */
    private static final class Each implements Consumer<Json> {
        private final OutputStream out;
        private boolean first = true;

        Each(OutputStream out) {
            this.out = out;
        }

        @Override
        public void accept(Json item) {
            try {
                if (!first) {
                    out.write(',');
                }
                first = false;
                out.write(Jcs.bytes(item));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
