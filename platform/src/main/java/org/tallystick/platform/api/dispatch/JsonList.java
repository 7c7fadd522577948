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
 * Writes an object with one long list as canonical JSON, item by item, so that no more than one item is in memory, however
 * long the list is.
 */
final class JsonList implements Answer.Writer {
    private static final int BUFFER = 1 << 16;

    private final String list;
    private final Json.Obj others;
    private final Answer.Items items;

    /**
     * @param list name of the member that is the list
     * @param others the members beside it, with names of ASCII letters alone
     */
    JsonList(String list, Json.Obj others, Answer.Items items) {
        this.list = list;
        this.others = others;
        this.items = items;
    }

    @Override
    public void write(OutputStream out) throws IOException {
        BufferedOutputStream buffered = new BufferedOutputStream(out, BUFFER);
        Map<String, Json> sorted = new TreeMap<>(others.members());
        sorted.put(list, Json.NULL);
        char before = '{';
        for (Map.Entry<String, Json> member : sorted.entrySet()) {
            buffered.write(before);
            buffered.write(Jcs.bytes(Json.of(member.getKey())));
            buffered.write(':');
            if (member.getKey().equals(list)) {
                items(buffered);
            } else {
                buffered.write(Jcs.bytes(member.getValue()));
            }
            before = ',';
        }
        buffered.write('}');
        buffered.flush();
    }

    private void items(OutputStream out) throws IOException {
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
