package org.tallystick.platform.log;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.tallystick.platform.kernel.Ed25519;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Sha256;
import org.tallystick.protocol.sign.NoteSigner;
import org.tallystick.protocol.sign.Verifier;
import org.tallystick.protocol.tree.MerkleTree;

/** A log key and entries that are the same in every run. */
final class Logs {
    static final NoteSigner SIGNER = new NoteSigner(
            "log.example/tally",
            Ed25519.signer(Sha256.hash("log".getBytes(StandardCharsets.UTF_8)).toBytes()));
    static final Verifier VERIFIER = Ed25519.verifier();

    private Logs() {}

    static TransparencyLog open(Path root) {
        return TransparencyLog.open(root, SIGNER, VERIFIER);
    }

    static TransparencyLog open(Path root, Disk disk) {
        return TransparencyLog.open(root, SIGNER, VERIFIER, disk);
    }

    static LogFsck.Report fsck(Path root) {
        return LogFsck.check(root, SIGNER.key(), VERIFIER);
    }

    /** Entry number {@code position}. */
    static byte[] entry(long position) {
        return ("entry " + position + " " + "·".repeat((int) (position % 11))).getBytes(StandardCharsets.UTF_8);
    }

    static List<byte[]> entries(long from, long to) {
        return LongStream.range(from, to).mapToObj(Logs::entry).toList();
    }

    static Hash root(long size) {
        return MerkleTree.root(
                entries(0, size).stream().map(MerkleTree::leafHash).toList());
    }

    /** The files below a directory, relative, sorted, without those whose name begins with a dot. */
    static List<String> files(Path root) {
        try (Stream<Path> walk = Files.walk(root)) {
            return walk.filter(Files::isRegularFile)
                    .map(file -> root.relativize(file).toString())
                    .filter(name -> !name.startsWith("."))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Flips one bit of a file. */
    static void flip(Path file, int at) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            bytes[at] ^= 4;
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
