package org.tallystick.cli.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.tallystick.protocol.codec.Sha256;
import org.tallystick.sdk.Role;
import org.tallystick.sdk.SecretFile;
import org.tallystick.sdk.SigningKey;
import org.tallystick.sdk.TallystickClient;

/**
 * The signing key and the API key of everybody in the demo, kept in its folder so that a second start is the same people.
 * In life each would keep its own.
 */
final class Keys {
    private final Path folder;

    Keys(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
    }

    /** The party's key, made the first time. */
    SigningKey signingKey(String party) throws IOException {
        return SigningKey.loadOrGenerate(folder.resolve(fileName(party) + ".pem"));
    }

    /** Registers the party, unless an earlier run got as far as its API key, and gives that. */
    String apiKey(TallystickClient operator, String party, Role role, String displayName, SigningKey key)
            throws IOException {
        Path file = folder.resolve(fileName(party) + ".apikey");
        if (Files.notExists(file)) {
            operator.registerParty(party, role, displayName, key.did());
            SecretFile.write(file, operator.issueKey(party) + "\n");
        }
        return SecretFile.read(file).strip();
    }

    /** Ids may hold what a file system does not take. */
    private static String fileName(String party) {
        String hash = Sha256.hash(party.getBytes(StandardCharsets.UTF_8)).hex().substring(0, 16);
        return party.replaceAll("[^A-Za-z0-9._-]", "_") + "-" + hash;
    }
}
