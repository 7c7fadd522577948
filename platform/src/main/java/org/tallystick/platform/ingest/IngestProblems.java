package org.tallystick.platform.ingest;

import java.util.function.Supplier;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.platform.kernel.RefusedException;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.MalformedException;

/** The refusals of this room, each in one place so that its words are always the same. */
final class IngestProblems {
    private static final String BUSY = "upload/busy";
    private static final String BROKEN_OFF = "upload/broken-off";

    private IngestProblems() {}

    static Problem malformed(MalformedException e) {
        return Problem.invalid(e.reason(), "Unusable manifest", e.detail());
    }

    static Problem creatorUnknown(PartyId creator) {
        return Problem.invalid(
                "upload/creator-unknown", "Unknown creator", creator + " is not registered as a creator");
    }

    static Problem notYours(PartyId uploader, PartyId creator) {
        return Problem.forbidden(
                "upload/not-yours", "Another creator's work", uploader + " may not upload in the name of " + creator);
    }

    static Problem signatureNeeded(PartyId uploader, PartyId creator) {
        return Problem.forbidden(
                "upload/signature-needed",
                "The creator has not signed",
                uploader + " may upload in the name of " + creator + " only what the creator has signed");
    }

    static Problem role(PartyId uploader) {
        return Problem.forbidden(
                "upload/role", "Not one who uploads", uploader + " is neither creator, curator nor operator");
    }

    static Problem tooLarge(long limit) {
        return Problem.tooLarge("upload/too-large", "Content too large", "up to " + limit + " bytes are accepted")
                .with("limit", limit);
    }

    static Problem longerThanDeclared(long declared) {
        return Problem.invalid(
                "upload/longer-than-declared",
                "More bytes than declared",
                "the upload was declared with " + declared + " bytes");
    }

    static Problem shorterThanDeclared(long declared, long received) {
        return Problem.conflict(
                        "upload/shorter-than-declared",
                        "Fewer bytes than declared",
                        "the upload was declared with " + declared + " bytes and has " + received)
                .with("upload_offset", received);
    }

    static boolean isBrokenOff(RefusedException refusal) {
        return refusal.problem().type().equals(BROKEN_OFF);
    }

    static Problem brokenOff() {
        return Problem.invalid(BROKEN_OFF, "The content broke off", "the connection ended before the content did");
    }

    static Problem uploadUnknown(String id) {
        return Problem.notFound(
                "upload/unknown",
                "Unknown upload",
                "no upload " + Fields.shown(id) + " of yours is open; it may have been given up");
    }

    static Problem uploadBusy() {
        return Problem.conflict(BUSY, "The upload is busy", "another request is completing this upload");
    }

    static boolean isBusy(Problem problem) {
        return problem.type().equals(BUSY);
    }

    static Problem superseded() {
        return Problem.conflict(
                "upload/superseded",
                "A newer request took over",
                "a newer request for this upload ended this one; ask where the upload stands");
    }

    static Problem uploadComplete() {
        return Problem.conflict("upload/complete", "The upload is complete", "nothing can be added to it");
    }

    static Problem offsetMismatch(long expected, long given) {
        return Problem.conflict(
                        "upload/offset",
                        "Not where the upload stands",
                        "bytes were sent for offset " + given + ", the upload stands at " + expected)
                .with("upload_offset", expected);
    }

    static Problem tooManyUploads(int limit) {
        return Problem.conflict(
                        "upload/too-many-uploads",
                        "Too many open uploads",
                        "finish or cancel some of the " + limit + " uploads that are open")
                .with("limit", limit);
    }

    static Problem stagingUnavailable() {
        return Problem.unavailable(
                "upload/staging-unavailable", "No room for the upload", "the disk for uploads does not take more now");
    }

    static Problem manifestUnknown(String id) {
        return Problem.notFound("manifest/unknown", "Unknown manifest", "there is no manifest " + Fields.shown(id));
    }

    /** Turns what the checks throw into an answer. */
    static <T> Outcome<T> refusing(Supplier<Outcome<T>> code) {
        try {
            return code.get();
        } catch (RefusedException e) {
            return Outcome.refused(e.problem());
        } catch (MalformedException e) {
            return Outcome.refused(malformed(e));
        }
    }
}
