package org.tallystick.cli.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.tallystick.protocol.codec.Sha256;
import org.tallystick.protocol.sign.Signer;
import org.tallystick.sdk.PartyKeys;
import org.tallystick.sdk.ReleaseSecret;
import org.tallystick.sdk.Role;
import org.tallystick.sdk.SecretFile;
import org.tallystick.sdk.SigningKey;
import org.tallystick.sdk.TallystickClient;

/**
 * The signing key and the API key of every party of the demo, kept in its folder so that a second start has the same
 * parties. Outside a demo each party keeps its own keys.
 */
final class DemoKeys {
    private final Path folder;

    DemoKeys(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
    }

    /** The party's signing key; made when it is asked for the first time. */
    SigningKey signingKey(String party) throws IOException {
        return SigningKey.loadOrGenerate(folder.resolve(fileName(party) + ".pem"));
    }

    /** The secret from which the party makes the keys of the works it orders. */
    ReleaseSecret releaseSecret(String party) {
        return ReleaseSecret.in(folder.resolve(fileName(party) + ".release"));
    }

    /**
     * The party's API key. Registers the party, unless an earlier run has done so and has stored an API key that the party
     * asked for itself; keys in files {@code .apikey}, of earlier releases, were the operator's.
     */
    String apiKey(TallystickClient operator, String party, Role role, String displayName, Signer key)
            throws IOException {
        Path file = folder.resolve(fileName(party) + ".key");
        if (Files.notExists(file)) {
            operator.registry().register(party, role, displayName, key);
            SecretFile.write(file, new PartyKeys(operator, party, key).create() + "\n");
        }
        return SecretFile.read(file).strip();
    }

    /** A file name for the party; ids may have characters that a file system does not allow. */
    private static String fileName(String party) {
        String hash = Sha256.hash(party.getBytes(StandardCharsets.UTF_8)).hex().substring(0, 16);
        return party.replaceAll("[^A-Za-z0-9._-]", "_") + "-" + hash;
    }
}
