package org.tallystick.protocol.receipt;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Sha256;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.Jws;
import org.tallystick.protocol.sign.Signer;
import org.tallystick.protocol.sign.Verifier;

/**
 * What a scoped token grants: one consumer, one contract, one job, one scope, one dataset version, for a while. As a
 * token it travels as a {@link Jws} of type {@link #TYPE} (a JWT, RFC 7519); in logs and statements only its claims
 * stand, which cannot be used to fetch anything. The token id is derived from the claims ({@link TokenId}).
 *
 * @param issuer the platform's name (the log's origin)
 * @param consumer party id of the buyer
 * @param contract contract id
 * @param job job id: the window within which a work counts once
 * @param dataset root of the dataset version that may be fetched
 * @param notBefore first moment of validity
 * @param expires first moment past validity
 * @param quota most deliveries an edge may make under this token, if bounded (at least 1)
 * @param regions where works may be delivered, in the contract's order; empty means anywhere
 */
public record Grant(
        String issuer,
        String consumer,
        String contract,
        String job,
        Scope scope,
        Hash dataset,
        Instant notBefore,
        Instant expires,
        Optional<Long> quota,
        List<Region> regions) {
    /** The {@code typ} of a token. */
    public static final String TYPE = "tallystick-grant+jwt";

    private static final String WHERE = "grant";
    private static final int MOST_REGIONS = 256;

    public Grant {
        Objects.requireNonNull(issuer);
        Objects.requireNonNull(consumer);
        Objects.requireNonNull(contract);
        Objects.requireNonNull(job);
        Objects.requireNonNull(scope);
        Objects.requireNonNull(dataset);
        if (!notBefore.isBefore(expires)) {
            throw new MalformedException("grant/validity", "a grant must expire after it begins");
        }
        if (quota.isPresent() && quota.get() < 1) {
            throw new MalformedException("grant/quota", "a quota is at least 1");
        }
        regions = List.copyOf(regions);
    }

    /** A grant without restriction of regions. */
    public Grant(
            String issuer,
            String consumer,
            String contract,
            String job,
            Scope scope,
            Hash dataset,
            Instant notBefore,
            Instant expires,
            Optional<Long> quota) {
        this(issuer, consumer, contract, job, scope, dataset, notBefore, expires, quota, List.of());
    }

    /**
     * Whether works may be delivered to a place. An unknown place (empty) is allowed only where the grant names no
     * regions.
     */
    public boolean allows(Optional<Region> place) {
        return regions.isEmpty()
                || (place.isPresent() && regions.stream().anyMatch(region -> region.includes(place.get())));
    }

    /** The id that every leaf under this grant carries. */
    public TokenId tokenId() {
        return new TokenId(Arrays.copyOf(Sha256.hash(Jcs.bytes(unnamed())).toBytes(), TokenId.LENGTH));
    }

    /** The claims, {@code jti} included. Times are whole seconds (RFC 7519 NumericDate). */
    public Json.Obj claims() {
        return unnamed().with("jti", Json.of(tokenId().toString()));
    }

    private Json.Obj unnamed() {
        Json.Builder claims = Json.object()
                .put("iss", issuer)
                .put("sub", consumer)
                .put("contract", contract)
                .put("job", job)
                .put("scope", scope.word())
                .put("dataset", dataset.hex())
                .put("nbf", notBefore.getEpochSecond())
                .put("exp", expires.getEpochSecond());
        quota.ifPresent(most -> claims.put("quota", most));
        if (!regions.isEmpty()) {
            claims.put(
                    "regions", Json.strings(regions.stream().map(Region::code).toList()));
        }
        return claims.build();
    }

    /**
     * Reads claims and checks that their token id is the hash of the claims. Checks no signature.
     *
     * @throws MalformedException {@code grant/…} or {@code json/…}
     */
    public static Grant ofClaims(Json.Obj claims) {
        Fields fields = Fields.of(claims, WHERE);
        Grant grant = new Grant(
                fields.text("iss", 256),
                fields.text("sub", 64),
                fields.text("contract", 64),
                fields.text("job", 64),
                Scope.ofWord(fields.text("scope")),
                Hash.ofHex(fields.text("dataset")),
                Instant.ofEpochSecond(fields.integer("nbf", 0, 253402300799L)),
                Instant.ofEpochSecond(fields.integer("exp", 0, 253402300799L)),
                fields.optionalInteger("quota", 1, Long.MAX_VALUE >> 11),
                regions(fields));
        TokenId stated = TokenId.parse(fields.text("jti"));
        fields.noOthers();
        if (!stated.equals(grant.tokenId())) {
            throw new MalformedException("grant/token-id", "the token id is not the hash of the claims");
        }
        return grant;
    }

    private static List<Region> regions(Fields fields) {
        if (fields.optional("regions").isEmpty()) {
            return List.of();
        }
        List<Region> regions = Region.parseAll(fields.strings("regions"), MOST_REGIONS);
        if (regions.isEmpty()) {
            throw new MalformedException("grant/regions", "a restriction names a region; without one it is left out");
        }
        return regions;
    }

    /** The token: claims signed by the platform. */
    public String sign(Signer platform) {
        return Jws.sign(TYPE, claims(), platform).compact();
    }

    /**
     * Verifies a token's signature offline. Does not check its validity in time: the caller does, by its own clock,
     * with {@link #validAt}.
     *
     * @throws MalformedException {@code jws/…}, {@code grant/…} or {@code json/…}
     */
    public static Grant verify(String token, DidKey platform, Verifier verifier) {
        return ofClaims(Jws.parse(token).verify(TYPE, platform, verifier));
    }

    /** Whether the grant is valid at a moment. */
    public boolean validAt(Instant time) {
        return !time.isBefore(notBefore) && time.isBefore(expires);
    }
}
