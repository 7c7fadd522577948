package org.tallystick.protocol.usage;

import java.nio.charset.StandardCharsets;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Sha256;
import org.tallystick.protocol.receipt.Scope;

/**
 * What usage sets and contracts are called in a close: the text from which their key follows, whose SHA-256 stands in their
 * node.
 */
public final class UsageNames {
    private static final String SET = "tallystick/usage-set/v1";
    private static final String CONTRACT = "tallystick/usage-contract/v1";

    private UsageNames() {}

    /** The name of the set of works used under a contract, job and scope. */
    public static String set(String contract, String job, Scope scope) {
        return String.join("\n", SET, contract, job, scope.word());
    }

    public static String contract(String contract) {
        return CONTRACT + "\n" + contract;
    }

    /** What stands in the node of what is named so. */
    public static Hash id(String name) {
        return Sha256.hash(name.getBytes(StandardCharsets.UTF_8));
    }
}
