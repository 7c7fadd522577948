package org.tallystick.platform.audit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.log.BlobStore;
import org.tallystick.platform.log.Erasure;
import org.tallystick.platform.log.KeptWords;
import org.tallystick.platform.log.TransparencyLog;
import org.tallystick.platform.log.Wording;
import org.tallystick.platform.log.Words;
import org.tallystick.protocol.log.LogEntry;

/**
 * Looks for the words that entries of the log commit to. Words that are there must be those; words that are not must have been
 * erased by an entry that came later, or they are lost. One object makes one check.
 */
final class WordsCheck {
    private static final int AT_ONCE = 512;
    private static final int NAMED = 20;

    private final TransparencyLog log;
    private final BlobStore blobs;
    private final Map<PartyId, List<Place>> missing = new HashMap<>();
    private final List<String> differences = new ArrayList<>();
    private long kept;
    private long erased;

    WordsCheck(TransparencyLog log, BlobStore blobs) {
        this.log = log;
        this.blobs = blobs;
    }

    /** Where an entry commits to words. */
    private record Place(long position, String member) {}

    Finding run(Database database) {
        long size = log.size();
        for (long from = 0; from < size; from += AT_ONCE) {
            long begin = from;
            long end = Math.min(size, from + AT_ONCE);
            Map<Place, KeptWords> found = new HashMap<>();
            database.read(tx -> Wording.between(tx, begin, end))
                    .forEach(words -> found.put(new Place(words.position(), words.member()), words));
            entries(begin, end, found);
        }
        missing.forEach((owner, places) -> lost(owner, places));
        return new Finding(
                "words",
                kept + " texts compared with what the log commits to, " + erased + " erased",
                differences,
                List.of());
    }

    private void entries(long from, long to, Map<Place, KeptWords> found) {
        long position = from;
        for (byte[] bytes : log.entries(from, to)) {
            if (LogEntry.decode(bytes, blobs::read) instanceof LogEntry.DocumentEntry document) {
                if (document.type().equals(Erasure.TYPE)) {
                    erase(Erasure.read(document.body()));
                }
                for (String member : document.body().members().keySet()) {
                    Place place = new Place(position, member);
                    Words.commitment(document.body(), member)
                            .ifPresent(commitment -> compare(place, commitment, Optional.ofNullable(found.get(place))));
                }
            }
            position++;
        }
    }

    private void compare(Place place, Words.Commitment commitment, Optional<KeptWords> found) {
        if (found.isEmpty()) {
            missing.computeIfAbsent(commitment.owner(), owner -> new ArrayList<>())
                    .add(place);
        } else if (!found.get().salted().commitment().equals(commitment.hash())
                || !found.get().owner().equals(commitment.owner())) {
            differences.add("log entry " + place.position() + ": the words kept for " + place.member()
                    + " are not those it commits to");
        } else {
            kept++;
        }
    }

    private void erase(Erasure erasure) {
        switch (erasure) {
            case Erasure.OfParty of -> {
                List<Place> gone = missing.remove(of.party());
                erased += gone == null ? 0 : gone.size();
            }
            case Erasure.OfWords of ->
                missing.values().forEach(places -> {
                    if (places.remove(new Place(of.position(), of.member()))) {
                        erased++;
                    }
                });
        }
    }

    private void lost(PartyId owner, List<Place> places) {
        places.stream()
                .limit(NAMED)
                .forEach(place -> differences.add("log entry " + place.position() + ": the words of " + owner + " for "
                        + place.member() + " are lost: nobody has erased them"));
        if (places.size() > NAMED) {
            differences.add("and " + (places.size() - NAMED) + " more texts of " + owner + " are lost");
        }
    }
}
