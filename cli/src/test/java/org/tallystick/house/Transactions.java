package org.tallystick.house;

import com.tngtech.archunit.core.domain.JavaClass;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.DirectMethodHandleDesc;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which methods that were handed a transaction open another one, directly or through what they call. {@code Database} refuses
 * that when it happens; this finds it where no test goes. Reads the bytecode, in which a lambda is a method of its own with
 * the transaction among its parameters.
 */
final class Transactions {
    private static final ClassDesc HANDLE = ClassDesc.of("org.jdbi.v3.core.Handle");
    private static final String DATABASE = "org/tallystick/platform/db/Database.";
    private static final Set<String> OPENERS = Set.of(DATABASE + "read", DATABASE + "write");

    /** What each method calls, both as {@code owner.name(descriptor)}; lambdas count as called where they are made. */
    private final Map<String, Set<String>> calls = new LinkedHashMap<>();

    private final Set<String> opening = new TreeSet<>();
    private final Set<String> inside = new TreeSet<>();

    static Transactions of(Collection<JavaClass> classes) {
        Transactions transactions = new Transactions();
        for (JavaClass type : classes) {
            type.getSource().ifPresent(source -> {
                try (InputStream in = source.getUri().toURL().openStream()) {
                    transactions.add(ClassFile.of().parse(in.readAllBytes()));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
        return transactions;
    }

    private void add(ClassModel type) {
        String owner = type.thisClass().asInternalName();
        for (MethodModel method : type.methods()) {
            String name = owner + "." + method.methodName().stringValue()
                    + method.methodType().stringValue();
            if (method.methodTypeSymbol().parameterList().contains(HANDLE)) {
                inside.add(name);
            }
            Set<String> called = calls.computeIfAbsent(name, key -> new TreeSet<>());
            method.code().ifPresent(code -> code.forEach(element -> take(element, name, called)));
        }
    }

    private void take(CodeElement element, String caller, Set<String> called) {
        switch (element) {
            case InvokeInstruction invoke -> {
                String target =
                        invoke.owner().asInternalName() + "." + invoke.name().stringValue();
                if (OPENERS.contains(target) && !caller.startsWith(DATABASE)) {
                    opening.add(caller);
                }
                called.add(target + invoke.type().stringValue());
            }
            case InvokeDynamicInstruction made -> {
                for (ConstantDesc argument : made.bootstrapArgs()) {
                    if (argument instanceof DirectMethodHandleDesc handle) {
                        called.add(internal(handle.owner()) + "." + handle.methodName() + handle.lookupDescriptor());
                    }
                }
            }
            default -> {
                return; // calls nothing
            }
        }
    }

    private static String internal(ClassDesc type) {
        String descriptor = type.descriptorString();
        return descriptor.substring(1, descriptor.length() - 1);
    }

    /** How many methods are handed a transaction. */
    int methodsInside() {
        return inside.size();
    }

    /** For each offence the calls that lead from a method inside a transaction to one that opens another. */
    List<String> nested() {
        List<String> found = new ArrayList<>();
        for (String start : inside) {
            Map<String, String> cameFrom = new HashMap<>();
            Deque<String> open = new ArrayDeque<>(List.of(start));
            cameFrom.put(start, "");
            while (!open.isEmpty()) {
                String next = open.pop();
                if (opening.contains(next)) {
                    found.add(path(cameFrom, next));
                    break;
                }
                for (String callee : calls.getOrDefault(next, Set.of())) {
                    if (cameFrom.putIfAbsent(callee, next) == null) {
                        open.add(callee);
                    }
                }
            }
        }
        return found;
    }

    private static String path(Map<String, String> cameFrom, String end) {
        List<String> steps = new ArrayList<>();
        for (String at = end; !at.isEmpty(); at = cameFrom.getOrDefault(at, "")) {
            String method = at.substring(0, at.indexOf('('));
            steps.addFirst(method.substring(method.lastIndexOf('/') + 1));
        }
        return String.join(" -> ", steps);
    }
}
