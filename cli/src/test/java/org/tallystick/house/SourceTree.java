package org.tallystick.house;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Every file of the checkout that belongs to the project, and every Java source of it as a syntax tree. */
final class SourceTree {
    private static final Set<String> NOT_OURS =
            Set.of("target", ".git", ".tallystick", ".idea", ".vscode", "node_modules");
    private static final Set<String> TEXT = Set.of(
            "java", "md", "xml", "sql", "yaml", "yml", "json", "jsonld", "properties", "sh", "txt", "config", "html");

    private final Path root;
    private final List<Path> files;
    private final List<Source> sources;

    private SourceTree(Path root, List<Path> files, List<Source> sources) {
        this.root = root;
        this.files = files;
        this.sources = sources;
    }

    /** A parsed source file. */
    record Source(Path path, String module, boolean test, List<String> lines, CompilationUnitTree tree, DocTrees docs) {
        SourcePositions positions() {
            return docs.getSourcePositions();
        }

        LineMap lineMap() {
            return tree.getLineMap();
        }

        String packageName() {
            return Objects.requireNonNull(tree.getPackageName()).toString();
        }

        boolean isPackageInfo() {
            return path.endsWith("package-info.java");
        }
    }

    static SourceTree ofCheckout() {
        return of(Path.of(Objects.requireNonNull(System.getProperty("tallystick.root"))));
    }

    static SourceTree of(Path root) {
        try {
            List<Path> files = new ArrayList<>();
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                    boolean ours = folder.equals(root)
                            || !NOT_OURS.contains(folder.getFileName().toString());
                    return ours ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (attributes.isRegularFile()) {
                        files.add(root.relativize(file));
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
            files.sort(null);
            return new SourceTree(root, List.copyOf(files), parse(root, files));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Source> parse(Path root, List<Path> files) throws IOException {
        List<Path> java = files.stream()
                .filter(file -> file.toString().endsWith(".java"))
                .filter(file -> !file.startsWith(".ci")) // programs that stand for clients of others, of no package
                .map(root::resolve)
                .toList();
        JavaCompiler compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler());
        StandardJavaFileManager manager = compiler.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8);
        JavacTask task = (JavacTask) compiler.getTask(
                null, manager, null, List.of("-proc:none"), null, manager.getJavaFileObjectsFromPaths(java));
        DocTrees docs = DocTrees.instance(task);
        List<Source> sources = new ArrayList<>();
        for (CompilationUnitTree tree : task.parse()) {
            Path file = Path.of(tree.getSourceFile().toUri());
            Path relative = root.relativize(file);
            boolean test = relative.toString().contains("src/test/");
            sources.add(
                    new Source(relative, relative.getName(0).toString(), test, Files.readAllLines(file), tree, docs));
        }
        return List.copyOf(sources);
    }

    List<Source> sources() {
        return sources;
    }

    List<Source> mainSources() {
        return sources.stream().filter(source -> !source.test()).toList();
    }

    /** Every file of the project, relative to the root. */
    List<Path> files() {
        return files;
    }

    /** The files a person reads. */
    List<Path> textFiles() {
        return files.stream().filter(SourceTree::isText).toList();
    }

    private static boolean isText(Path file) {
        String name = Objects.requireNonNull(file.getFileName()).toString();
        int dot = name.lastIndexOf('.');
        return dot < 0 || TEXT.contains(name.substring(dot + 1));
    }

    List<String> linesOf(Path file) {
        try {
            return new String(Files.readAllBytes(root.resolve(file)), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
