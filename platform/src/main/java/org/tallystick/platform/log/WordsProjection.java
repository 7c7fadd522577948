package org.tallystick.platform.log;

import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.log.LogEntry;

/**
 * Ties words to the entries that commit to them, and removes those that an entry {@code erasure} names. The sequencer runs it
 * before every other projection, so that these find the words of the entry they are shown. Its table is not made from the log,
 * so that a rebuild empties nothing here; what was erased is erased again where an older backup brought it back.
 */
final class WordsProjection implements Projection {
    static List<Projection> before(List<Projection> others) {
        List<Projection> all = new ArrayList<>();
        all.add(new WordsProjection());
        all.addAll(others);
        return List.copyOf(all);
    }

    @Override
    public String name() {
        return "words";
    }

    @Override
    public void apply(Handle tx, long position, LogEntry entry) {
        if (!(entry instanceof LogEntry.DocumentEntry document)) {
            return;
        }
        if (document.type().equals(Erasure.TYPE)) {
            erase(tx, position, Erasure.read(document.body()));
        }
        for (String member : document.body().members().keySet()) {
            Json value = document.body().members().get(member);
            if (value != null) {
                Words.commitment(value).ifPresent(found -> WordsStore.place(tx, found.hash(), position, member));
            }
        }
    }

    private static void erase(Handle tx, long position, Erasure erasure) {
        switch (erasure) {
            case Erasure.OfParty of -> WordsStore.eraseOf(tx, of.party(), position);
            case Erasure.OfWords of -> WordsStore.eraseAt(tx, of.position(), of.member());
        }
    }

    @Override
    public void reset(Handle tx) {
        // the words and their places are no part of what the log makes
    }
}
